export interface ApiErrorOptions extends ErrorOptions {
  /** The field of the request that is to blame. */
  readonly param?: string;
  readonly code?: string;
  readonly retryAfterMs?: number | undefined;
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  429: 'rate_limit_error',
};

/** What a client is told, in OpenAI's form. The message is one clear sentence. */
export class ApiError extends Error {
  readonly status: number;
  readonly param: string | undefined;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
    this.param = options.param;
    this.code = options.code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get body() {
    const type = TYPES[this.status] ?? (this.status < 500 ? 'invalid_request_error' : 'server_error');
    return { error: { message: this.message, type, param: this.param ?? null, code: this.code ?? null } };
  }

  get headers(): Record<string, string> {
    if (this.retryAfterMs === undefined) return {};
    return { 'retry-after': String(Math.max(1, Math.ceil(this.retryAfterMs / 1000))) };
  }
}
