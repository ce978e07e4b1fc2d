import { type Context, createContext, Script } from 'node:vm';
import { LimitExceeded } from './limit-exceeded.ts';

interface Cage extends Context {
  work: () => unknown;
}

const script = new Script('work()');
let cage: Cage | undefined;

/**
 * Runs `work` and stops it, wherever its functions come from, once it has taken too long. What is a single step of the
 * engine, such as the growth of a large array, ends first.
 */
export function withTimeLimit<T>(limitMs: number, work: () => T): T {
  // One for all calls: a new one takes longer than most of the work.
  cage ??= createContext({ work }) as Cage;
  cage.work = work;
  try {
    return script.runInContext(cage, { timeout: limitMs }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new LimitExceeded(`it takes longer than ${limitMs} ms`, { cause: error });
  } finally {
    cage.work = () => undefined;
  }
}
