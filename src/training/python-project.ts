import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WellbegunError } from '../core/errors.ts';
import { cacheDirectory } from '../models/cache-directory.ts';

/** The Python project of training, as it lies in the package. */
export const PYTHON_PROJECT = fileURLToPath(new URL('../../train', import.meta.url));

export interface PythonEnvironment {
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Sets up, by uv, exactly what the lock file says; where that is done already it takes a moment. The environment is a
 * folder of the cache, or the one that UV_PROJECT_ENVIRONMENT names.
 *
 * @throws WellbegunError `no-uv`, `no-environment`
 */
export async function preparePython(signal?: AbortSignal): Promise<PythonEnvironment> {
  const folder = process.env['UV_PROJECT_ENVIRONMENT'] ?? join(cacheDirectory(), 'train');
  const env = { ...process.env, UV_PROJECT_ENVIRONMENT: folder };
  const { code, said } = await runUv(['sync', '--locked', '--project', PYTHON_PROJECT], env, signal);
  if (code === 0) return { python: join(folder, 'bin/python'), env: { ...env, PYTHONUNBUFFERED: '1' } };
  const reason = said.trim().split('\n').slice(-4).join(' ').replaceAll(/\s+/g, ' ');
  throw new WellbegunError(
    'no-environment',
    `uv can't set up the Python environment of training in ${folder} (${reason || `exit code ${code}`}): it needs the network once, and 6 GB of disk.`,
  );
}

async function runUv(args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal) {
  const uv = spawn('uv', args, { env, stdio: ['ignore', 'ignore', 'pipe'], ...(signal && { signal }) });
  let said = '';
  uv.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return await new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    uv.on('close', (code) => resolve({ code, said }));
    uv.on('error', (cause: NodeJS.ErrnoException) => reject(cause.code === 'ENOENT' ? noUv(cause) : cause));
  });
}

function noUv(cause: Error): WellbegunError {
  return new WellbegunError(
    'no-uv',
    'Training needs uv, which sets up its Python environment, and there is none on the PATH: see docs.astral.sh/uv.',
    { cause },
  );
}
