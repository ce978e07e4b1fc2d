import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const HOOK = resolve(import.meta.dirname, 'replace-source.ts');

export type Outcome = 'passed' | 'failed' | 'late';

export interface TestRun {
  /** Absolute paths; all in one process. */
  readonly tests: readonly string[];
  readonly timeoutMs: number;
  /** A JSON file with the `url` of a module and its `source`: what the tests see in place of that module. */
  readonly mutant?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs test files in one process, which is killed when it is late. */
export async function runTests({ tests, timeoutMs, mutant, env }: TestRun): Promise<Outcome> {
  const hook = mutant === undefined ? [] : ['--import', HOOK];
  const args = [...hook, '--test', '--test-isolation=none', '--test-reporter=dot', ...tests];
  const child = spawn(process.execPath, args, {
    stdio: 'ignore',
    env: { ...process.env, ...env, MUTANT: mutant, NODE_TEST_CONTEXT: undefined },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === null) return 'late';
  return code === 0 ? 'passed' : 'failed';
}
