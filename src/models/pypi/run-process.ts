import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ProcessOptions {
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

export interface ProcessResult {
  /** Undefined when the program could not start, or a signal ended it. */
  exitCode: number | undefined;
  /** The end of its error output, 4 kB at most. */
  errorOutput: string;
}

const KEPT_LENGTH = 4096;

/** Runs a program without a shell and without input; never rejects but with the signal's reason. */
export async function runProcess(
  [executable = '', ...args]: readonly string[],
  { env, signal, timeoutMs }: ProcessOptions,
): Promise<ProcessResult> {
  signal?.throwIfAborted();
  const child = spawn(executable, args, { env, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
  let errorOutput = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-KEPT_LENGTH);
  });
  const kill = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  const timer = timeoutMs === undefined ? undefined : setTimeout(kill, timeoutMs);
  try {
    // Not `close`: a grandchild may keep the pipe open.
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    return { exitCode: exitCode ?? undefined, errorOutput };
  } catch (error) {
    signal?.throwIfAborted();
    return { exitCode: undefined, errorOutput: String(error) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    child.stderr.destroy();
  }
}
