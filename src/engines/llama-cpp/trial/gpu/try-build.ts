import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BINARY_VERSION, type LibraryLocation } from '../../native/library-location.ts';
import { cacheDirectory } from '../../../../models/cache-directory.ts';
import { RememberedTrials } from '../../../../models/remembered-trials.ts';
import { driverIdentity } from './driver-identity.ts';
import type { TrialOutcome } from './trial-outcome.ts';

export interface TrialOptions {
  /** A trial begins, which is not remembered; the returned function is called when it is over. */
  readonly begins?: ((variant: string) => (() => void) | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** The script that computes: `try-once`. */
  readonly program?: string;
  readonly remembered?: RememberedTrials;
  readonly driver?: () => Promise<readonly string[]>;
}

const TIMEOUT_MS = 60_000;
const TRY_ONCE = fileURLToPath(import.meta.resolve(`./try-once${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`));

/**
 * Computes a little on the GPUs of a build, in a process of its own: where the driver can't run its kernels, ggml ends the
 * process. What went well is not tried again until the build or the driver changes.
 */
export async function tryBuild(
  { variant, backend }: Pick<LibraryLocation, 'variant' | 'backend'>,
  options: TrialOptions = {},
): Promise<TrialOutcome> {
  const { remembered = new RememberedTrials(join(cacheDirectory(), 'tried-builds')), driver = driverIdentity } =
    options;
  const identity = [variant, BINARY_VERSION, ...(await driver())];
  if (await remembered.has(identity)) return { kind: 'works' };
  const over = options.begins?.(variant);
  const outcome = await run(backend, options).finally(over);
  if (outcome.kind === 'works') await remembered.add(identity);
  return outcome;
}

function run(backend: string, options: TrialOptions): Promise<TrialOutcome> {
  const { signal, timeoutMs = TIMEOUT_MS, program = TRY_ONCE } = options;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, backend],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        // Else ggml has a debugger print where it ended.
        env: { ...process.env, GGML_NO_BACKTRACE: '1' },
        ...(signal && { signal }),
      },
      (error, stdout, stderr) => {
        if (signal?.aborted) reject(new DOMException('The trial was stopped.', 'AbortError'));
        else if (error?.killed) resolve(failed(`it did not end within ${timeoutMs / 1000} seconds`));
        else if (error) resolve(failed(nativeError(stderr) ?? ending(error)));
        else resolve(read(stdout));
      },
    );
  });
}

function failed(reason: string): TrialOutcome {
  return { kind: 'failed', reason };
}

/** What the library wrote before it ended the process: its own words, or those of an uncaught exception of C++. */
function nativeError(stderr: string): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  const thrown = lines.find((line) => line.startsWith('what():'));
  const line = thrown?.replace('what():', '').trim() ?? lines.find((each) => /error/i.test(each));
  return line?.replace(/\.$/, '');
}

function ending({ code, signal, message }: { code?: unknown; signal?: unknown; message: string }): string {
  if (typeof signal === 'string') return `its process was ended by ${signal}`;
  return typeof code === 'number' ? `its process ended with code ${code}` : message;
}

function read(stdout: string): TrialOutcome {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as TrialOutcome;
  } catch {
    return failed('its process did not say how it went');
  }
}
