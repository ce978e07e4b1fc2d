import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cacheDirectory } from '../../src/models/cache-directory.ts';
import { pullModel } from '../../src/models/pull-model.ts';

const HERE = import.meta.dirname;
const KEPT = join(cacheDirectory(), 'test');

/** What the uv.lock of a folder beside this file names, installed by uv and kept in the cache. */
export class PythonEnvironment {
  readonly python: string;
  readonly #project: string;
  readonly #folder: string;

  constructor(name: string) {
    this.#project = join(HERE, name);
    this.#folder = join(KEPT, name);
    this.python = join(this.#folder, 'bin/python');
  }

  async install(): Promise<void> {
    const env = { ...process.env, UV_PROJECT_ENVIRONMENT: this.#folder };
    await ran('uv', ['sync', '--frozen', '--quiet', '--project', this.#project], env);
  }

  /** Runs a script beside this file. */
  async run(script: string, args: readonly string[], input = ''): Promise<void> {
    await ran(this.python, [join(HERE, script), ...args], process.env, input);
  }

  /** A model of the catalogue as a folder of safetensors, kept in the cache. */
  async modelFolder(model: string): Promise<string> {
    const folder = join(KEPT, `${model}-safetensors`);
    if (existsSync(folder)) return folder;
    // Another run may be making the same one: the first that is ready is kept.
    mkdirSync(KEPT, { recursive: true });
    const unfinished = mkdtempSync(`${folder}.part-`);
    try {
      await this.run('make-model-folder.py', [await pullModel(model), unfinished]);
      if (!existsSync(folder)) renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
    return folder;
  }
}

async function ran(program: string, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<void> {
  const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stdin.end(input);
  const [errors, [code]] = await Promise.all([text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with code ${code}:\n${errors.slice(-4000)}`);
}
