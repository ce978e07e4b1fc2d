import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cacheDirectory } from '../../src/models/cache-directory.ts';

const HERE = import.meta.dirname;

/** What a grader of `official.py` makes of a task. The packages that uv.lock names are installed by uv, and kept in the cache. */
export async function official(grader: string, task: unknown): Promise<unknown> {
  const env = {
    ...process.env,
    UV_PROJECT_ENVIRONMENT: join(cacheDirectory(), 'test/parity'),
    // Nothing is fetched while it grades.
    HF_HUB_OFFLINE: '1',
    HF_DATASETS_CACHE: join(cacheDirectory(), 'test/parity-datasets'),
  };
  const args = ['run', '--quiet', '--locked', '--project', HERE, 'python', join(HERE, 'official.py'), grader];
  const child = spawn('uv', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(task));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [answer, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${grader} ended with code ${code}:\n${errors.slice(-4000)}`);
  return JSON.parse(answer) as unknown;
}
