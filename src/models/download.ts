import { downloadOnce, type DownloadRequest } from './download-once.ts';
import { SourceFailure } from './source-failure.ts';
import { waitBeforeRetry } from './wait-before-retry.ts';

export interface DownloadOptions extends DownloadRequest {
  /** Attempts in a row that bring no new byte, before the source is given up. Default 4. */
  attempts?: number | undefined;
  /** Wait before the second attempt, in milliseconds; doubles each time, varied by half. Default 500. */
  retryDelayMs?: number | undefined;
  onRetry?: ((reason: string) => void) | undefined;
}

/**
 * Brings `partial` to its whole length, from where it is; broken connections and overloaded servers are tried again.
 * Nothing is verified but the length.
 *
 * @throws SourceFailure when this address can't give the file now; what has come stays in `partial`.
 * @throws DownloadError when the disk can't take it.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { attempts = 4, retryDelayMs, partial, signal } = options;
  let furthest = partial.sizeBytes;
  for (let failures = 0; ;) {
    try {
      await downloadOnce(options);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof SourceFailure)) throw error;
      const moved = partial.sizeBytes > furthest;
      furthest = Math.max(furthest, partial.sizeBytes);
      failures = moved ? 1 : failures + 1;
      // A connection that once worked may come back; one that never did is not worth the wait.
      if (!(error.retryable || moved) || failures >= attempts) throw error;
      options.onRetry?.(error.message);
      await waitBeforeRetry(error, failures, { delayMs: retryDelayMs, signal });
    }
  }
}
