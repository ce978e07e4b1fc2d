import { readRetryAfter } from './read-retry-after.ts';
import { SourceFailure } from './source-failure.ts';

/** An HTTP status that brings no file. Overload and server errors are retryable. */
export function describeStatus(reply: Response): SourceFailure {
  const { status } = reply;
  const retryable = status === 408 || status === 429 || status >= 500;
  const retryAfterMs = retryable ? readRetryAfter(reply.headers.get('retry-after')) : undefined;
  return new SourceFailure(`the server answered ${status}`, { retryable, retryAfterMs });
}
