/**
 * Why one source could not give the file, as a clause without a full stop. Internal: `pullModel` tries the next source,
 * and names every reason in one `DownloadError` when none is left.
 */
export class SourceFailure extends Error {
  /** The same source may answer better in a moment. */
  readonly retryable: boolean;
  /** What the server asked for by `Retry-After`. */
  readonly retryAfterMs: number | undefined;

  constructor(
    reason: string,
    options: { retryable?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(reason, { cause: options.cause });
    this.name = 'SourceFailure';
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
