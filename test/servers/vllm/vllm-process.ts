import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ServerProcess, startServer } from '../../../scripts/start-server.ts';
import { cacheDirectory } from '../../../src/models/cache-directory.ts';

const HERE = import.meta.dirname;
const ENVIRONMENT = join(cacheDirectory(), 'test', 'vllm');
const PYTHON = join(ENVIRONMENT, 'bin/python');

/** vLLM, installed from the uv.lock beside this file, 6 GB, and kept in the cache. */
export async function installVllm(): Promise<void> {
  await ran('uv', ['sync', '--frozen', '--quiet'], { ...process.env, UV_PROJECT_ENVIRONMENT: ENVIRONMENT });
}

/** Runs a script beside this file, in vLLM's environment. */
export async function runPython(script: string, args: readonly string[], input = ''): Promise<void> {
  await ran(PYTHON, [join(HERE, script), ...args], process.env, input);
}

export async function startVllm(folder: string, name: string, options: readonly string[]): Promise<ServerProcess> {
  return await startServer({
    program: PYTHON,
    args: (port) => [
      // Not its command, which asks for the metadata of a package of the name vllm.
      ...['-m', 'vllm.entrypoints.openai.api_server', '--model', folder, '--served-model-name', name],
      ...['--host', '127.0.0.1', '--port', String(port), '--enforce-eager', '--max-model-len', '1024', ...options],
    ],
    env: { VLLM_CPU_KVCACHE_SPACE: '2', VLLM_NO_USAGE_STATS: '1', HF_HUB_OFFLINE: '1' },
    patienceMs: 300_000,
  });
}

async function ran(program: string, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<void> {
  const child = spawn(program, args, { cwd: HERE, env, stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stdin.end(input);
  const [errors, [code]] = await Promise.all([text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with code ${code}:\n${errors.slice(-4000)}`);
}
