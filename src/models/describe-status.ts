import { SourceFailure } from './source-failure.ts';

/** An HTTP status that brings no file. Overload and server errors are retryable. */
export function describeStatus(reply: Response): SourceFailure {
  const { status } = reply;
  const retryable = status === 408 || status === 429 || status >= 500;
  const retryAfterMs = retryable ? readRetryAfter(reply.headers.get('retry-after')) : undefined;
  return new SourceFailure(`the server answered ${status}`, { retryable, retryAfterMs });
}

/** Seconds or a date: RFC 9110, section 10.2.3. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
