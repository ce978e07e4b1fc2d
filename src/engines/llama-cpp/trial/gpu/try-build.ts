import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BINARY_VERSION, type LibraryLocation } from '../../native/library-location.ts';
import { cacheDirectory } from '../../../../models/cache-directory.ts';
import { RememberedTrials } from '../../../../models/remembered-trials.ts';
import { nativeWords, runTrial } from '../run-trial.ts';
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

async function run(backend: string, options: TrialOptions): Promise<TrialOutcome> {
  const { signal, timeoutMs = TIMEOUT_MS, program = TRY_ONCE } = options;
  const { fault, exitCode, killedBy, output, errorOutput } = await runTrial(program, [backend], { signal, timeoutMs });
  if (fault === undefined) return read(output);
  const hasEnded = exitCode !== undefined || killedBy !== undefined;
  return failed((hasEnded ? nativeWords(errorOutput) : undefined) ?? `its process ${fault}`);
}

function failed(reason: string): TrialOutcome {
  return { kind: 'failed', reason };
}

function read(stdout: string): TrialOutcome {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as TrialOutcome;
  } catch {
    return failed('its process did not say how it went');
  }
}
