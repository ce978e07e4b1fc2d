import { availableParallelism } from 'node:os';
import { ProgramChecker } from './program-checker.ts';
import type { Program, ProgramResult, SandboxLimits } from './program.ts';

export interface SandboxOptions extends Partial<SandboxLimits> {
  /** How many programs run at a time; each takes two processes of about 150 MB. Default: one a core, at most 8. */
  readonly workers?: number;
  readonly signal?: AbortSignal | undefined;
}

const MIB = 1024 ** 2;

/**
 * HumanEval's harness gives a program 3 s of native Python, which computes seven times as fast as the one here: more of
 * what is slow and right would time out. Memory and output are more than an honest solution needs.
 */
export const SANDBOX_LIMITS: SandboxLimits = { timeoutMs: 10_000, memoryBytes: 512 * MIB, outputBytes: 4 * MIB };

/**
 * Runs Python programs that models wrote, each against its tests: `for await (const { program, outcome, result } of
 * runPrograms(programs))`. `program` is the very object that went in, so it can carry an id. Results come as they are
 * there, not in order. A program has no files, environment, processes and network, and nothing of it is left for the next.
 *
 * @throws ConfigError where the package with the Python interpreter is not installed
 * @throws EngineError where the interpreter can't be started
 * @throws the signal's reason
 */
export async function* runPrograms<P extends Program>(
  programs: Iterable<P> | AsyncIterable<P>,
  { workers = Math.min(availableParallelism(), 8), signal, ...limits }: SandboxOptions = {},
): AsyncGenerator<{ readonly program: P } & ProgramResult, void> {
  const source = toIterator(programs);
  const checkers = Array.from({ length: workers }, () => new ProgramChecker({ ...SANDBOX_LIMITS, ...limits }));
  const close = () => checkers.forEach((checker) => checker.close());
  const work = async (checker: ProgramChecker) => {
    const { done, value: program } = await source.next();
    return { checker, found: done ? undefined : { program, ...(await checker.check(program)) } };
  };
  signal?.throwIfAborted();
  signal?.addEventListener('abort', close);
  const running = new Map(checkers.map((checker) => [checker, work(checker)]));
  try {
    while (running.size > 0) {
      const { checker, found } = await Promise.race(running.values());
      signal?.throwIfAborted();
      if (found) running.set(checker, work(checker));
      else running.delete(checker);
      if (found) yield found;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', close);
    close();
    await Promise.allSettled(running.values());
    // One that was only starting has started since.
    close();
  }
}

async function* toIterator<P>(programs: Iterable<P> | AsyncIterable<P>): AsyncGenerator<P, void> {
  yield* programs;
}
