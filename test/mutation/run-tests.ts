import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const HOOK = resolve(import.meta.dirname, 'replace-source.ts');

/**
 * Runs test files in one process, on a mutant.
 *
 * @param mutant a JSON file with the `url` of a module and its `source`
 * @returns whether they all pass within the time
 */
export async function pass(tests: readonly string[], mutant: string, timeoutMs: number): Promise<boolean> {
  const args = ['--import', HOOK, '--test', '--test-isolation=none', '--test-reporter=dot', ...tests];
  const child = spawn(process.execPath, args, {
    stdio: 'ignore',
    env: { ...process.env, MUTANT: mutant, NODE_TEST_CONTEXT: undefined },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
