import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ProcessOptions {
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

export interface ProcessResult {
  /** Undefined when the program could not start, or a signal ended it. */
  readonly exitCode: number | undefined;
  /** How it ended badly, to follow "the process", e.g. `was ended by SIGKILL`; undefined after exit code 0. */
  readonly fault: string | undefined;
  /** A signal ended it that is not ours. */
  readonly killedBy: NodeJS.Signals | undefined;
  /** The end of its output and of its error output, 4 kB of each at most. */
  readonly output: string;
  readonly errorOutput: string;
}

const KEPT_LENGTH = 4096;

/** Runs a program without a shell and without input; never rejects but with the signal's reason. */
export async function runProcess(
  [executable = '', ...args]: readonly string[],
  { env = process.env, signal, timeoutMs }: ProcessOptions = {},
): Promise<ProcessResult> {
  signal?.throwIfAborted();
  const child = spawn(executable, args, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const [output, errorOutput] = [endOf(child.stdout), endOf(child.stderr)];
  const kill = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  timeout?.addEventListener('abort', kill);
  try {
    // Not `close`: a grandchild may keep the pipes open.
    const [code, killer] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    const timedOut = timeout?.aborted === true;
    const killedBy = timedOut ? undefined : (killer ?? undefined);
    const fault = timedOut ? `did not end within ${timeoutMs! / 1000} seconds` : faultOf(code, killedBy);
    return { exitCode: code ?? undefined, fault, killedBy, output: output(), errorOutput: errorOutput() };
  } catch (error) {
    signal?.throwIfAborted();
    const fault = `could not start (${String(error)})`;
    return { exitCode: undefined, fault, killedBy: undefined, output: '', errorOutput: String(error) };
  } finally {
    timeout?.removeEventListener('abort', kill);
    signal?.removeEventListener('abort', kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function faultOf(code: number | null, killedBy: NodeJS.Signals | undefined): string | undefined {
  if (killedBy !== undefined) return `was ended by ${killedBy}`;
  return code === 0 ? undefined : `ended with code ${code ?? 'unknown'}`;
}

function endOf(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (more: string) => (text = (text + more).slice(-KEPT_LENGTH)));
  return () => text;
}
