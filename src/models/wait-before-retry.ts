import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceFailure } from './source-failure.ts';

const LONGEST_WAIT_MS = 60_000;

/**
 * Waits as long as the source asked for; where it named no time, `delayMs` after the first failure, doubled for each
 * further one and varied by half.
 *
 * @param failures in a row, at least 1
 */
export async function waitBeforeRetry(
  { retryAfterMs }: SourceFailure,
  failures: number,
  { delayMs = 500, signal }: { readonly delayMs?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const waitMs = retryAfterMs ?? delayMs * 2 ** (failures - 1) * (0.5 + Math.random());
  await sleep(Math.min(waitMs, LONGEST_WAIT_MS), undefined, signal ? { signal } : {});
}
