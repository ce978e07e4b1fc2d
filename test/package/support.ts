// Support for the tests beside it: the command line as a child process, on the tiny models.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

import { makeTinyModels, type TinyModelName } from '../fixtures/tiny-gguf/make-tiny-models.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'src/cli/main.ts');

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What comes on stdin, which is closed after it. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** Shell words before `node`, such as those that put it into a name space of its own. */
  readonly wrap?: (command: readonly string[]) => readonly string[];
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A place of its own for one test file: the tiny models, a cache, and no settings of the user who runs the tests. */
export interface Place {
  readonly folder: string;
  readonly cache: string;
  readonly models: Readonly<Record<TinyModelName, string>>;
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  start(args: readonly string[], options?: CliOptions): ReturnType<typeof spawn>;
  /** A new empty folder. */
  newFolder(): Promise<string>;
  /** A new folder with `in.jsonl`, whose lines are these: texts as they are, all else as JSON. */
  folderWith(lines: readonly (string | object)[]): Promise<string>;
  remove(): Promise<void>;
}

export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-cli-'));
  const models = await makeTinyModels(join(folder, 'tiny'));
  const cache = join(folder, 'cache');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    WELLBEGUN_CACHE: cache,
    WELLBEGUN_BASE: models.sentencepiece,
    WELLBEGUN_DRAFT: models['byte-bpe'],
    // Several commands run at once here, and threads of theirs would wait for one another.
    WELLBEGUN_THREADS: '1',
    // A hundred starts of the same program.
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/wellbegun-tests'),
  };
  const start: Place['start'] = (args, { env: more = {}, cwd = folder, wrap } = {}) => {
    const command = [process.execPath, MAIN, ...args];
    const [program = '', ...rest] = wrap ? wrap(command) : command;
    return spawn(program, rest, { cwd, env: { ...env, ...more }, stdio: ['pipe', 'pipe', 'pipe'] });
  };
  let folders = 0;
  const newFolder: Place['newFolder'] = async () => {
    const path = join(folder, `folder-${folders++}`);
    await mkdir(path);
    return path;
  };
  return {
    folder,
    cache,
    models,
    env,
    start,
    async run(args, options = {}) {
      const child = start(args, options);
      child.stdin!.on('error', () => undefined).end(options.input ?? '');
      return await ending(child);
    },
    newFolder,
    async folderWith(lines) {
      const path = await newFolder();
      const texts = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
      await writeFile(join(path, 'in.jsonl'), texts.join(''));
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A schema as it is shipped. */
export async function schemaOf(name: string): Promise<z.ZodType> {
  const source = await readFile(join(ROOT, `schemas/${name}.schema.json`), 'utf8');
  return z.fromJSONSchema(JSON.parse(source) as z.core.JSONSchema.JSONSchema);
}

export async function ending(child: ReturnType<typeof spawn>): Promise<CliResult> {
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return { code, signal, stdout, stderr };
}

/** One clear sentence on stderr, nothing on stdout, and the exit code. */
export function assertRefused(result: CliResult, expected: { readonly code: number; readonly says: RegExp }): void {
  const said = result.stderr.trimEnd();
  assert.match(said, expected.says);
  assert.match(said, /^wellbegun: \S.*[.]$/, 'one sentence');
  assert.ok(!said.includes('\n'), `one line, not:\n${said}`);
  assert.doesNotMatch(said, /not foreseen/);
  assert.equal(result.stdout, '');
  assert.equal(result.code, expected.code);
}

/** Every file below a folder, but for the cache's own note on which models loaded well. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.parentPath.endsWith('/probed-files'))
    .map((entry) => join(entry.parentPath, entry.name));
}
