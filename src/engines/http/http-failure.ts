import { EngineError, type EngineErrorDetails } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { causeWithoutKey, withoutKey } from './without-key.ts';

/** What an error of a server names. */
export interface ServerName {
  /** Such as `vllm`. */
  readonly engine: string;
  /** Without credentials. */
  readonly url: string;
  /** Never shown. */
  readonly key?: string | undefined;
  /** The environment variable that the key comes from. */
  readonly keyVariable?: string | undefined;
}

/** The server can't have begun the work: any call may be made again. */
const NOTHING_DONE: ReadonlySet<string> = new Set(['unreachable', 'busy']);

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name was not found',
  EAI_AGAIN: 'its name was not found',
  ECONNREFUSED: 'the connection was refused',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to it',
  EADDRNOTAVAIL: 'there is no way to it',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const MOST_QUOTED = 300;

/** Whether the same call may be made again; a call that is not idempotent only where nothing was done. */
export function mayRetry(error: unknown, { idempotent }: { readonly idempotent: boolean }): boolean {
  return error instanceof EngineError && error.retryable && (idempotent || NOTHING_DONE.has(error.code));
}

/** Whether the server asks to be left alone for a while. */
export function isBusy(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === 'busy';
}

/** What the connection threw. */
export function connectionFailure(server: ServerName, cause: unknown): EngineError {
  const code = findCode(cause);
  const { engine, url } = server;
  const reason = UNREACHABLE[code];
  const details = { cause, retryable: true };
  if (reason !== undefined) {
    const message = `${engine} at ${url} can't be reached: ${reason}. Check that it runs and the address is right.`;
    return failure(server, 'unreachable', message, details);
  }
  if (TIMEOUTS.has(code)) {
    const message = `${engine} at ${url} fell silent: check its load and log, or allow more time with ${settingName('serverTimeoutMs')}.`;
    return failure(server, 'timeout', message, { cause });
  }
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code)) {
    const message = `${engine} at ${url} can't be trusted: its certificate is not valid here (${code}).`;
    return failure(server, 'bad-certificate', message, { cause });
  }
  const message = `The connection to ${engine} at ${url} broke (${code}): check that the server still runs, and its log.`;
  return failure(server, 'connection-lost', message, details);
}

export interface FailedReply {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number | undefined;
}

/** What a status other than 2xx says. */
export function statusFailure(server: ServerName, { status, body, retryAfterMs }: FailedReply): EngineError {
  const { engine, url, keyVariable = 'the key' } = server;
  // What a server says of a key may be a key.
  const reason = status === 401 || status === 403 ? undefined : ownWords(server, body);
  const fail = (code: string, message: string, retryable = false) =>
    failure(server, code, message, { status, reason, retryable, retryAfterMs });
  if (status === 401 || status === 403) {
    const hint = server.key === undefined ? `set ${keyVariable}` : `check ${keyVariable}`;
    return fail(
      'not-allowed',
      `${engine} at ${url} does not accept ${server.key ? 'this' : 'a missing'} key: ${hint}.`,
    );
  }
  const said = reason === undefined ? '' : `: ${reason}`;
  if (status === 429 || status === 503) {
    return fail('busy', `${engine} at ${url} is busy or not ready (${status}${said}): try again later.`, true);
  }
  if (status >= 500) {
    const message = `${engine} at ${url} failed (${status}${said}): see its log.`;
    return fail('server-failed', message, status === 502 || status === 504);
  }
  if (status === 404) return fail('not-found', `${engine} at ${url} does not have what was asked for (404${said}).`);
  return fail('refused', `${engine} at ${url} refused the request (${status}${said}).`);
}

/** A server that sends, but for too long nothing that was asked for. */
export function timeoutFailure(server: ServerName): EngineError {
  const { engine, url } = server;
  const message = `${engine} at ${url} made no progress with its answer: check its load and log, or allow more time with ${settingName('serverTimeoutMs')}.`;
  return failure(server, 'timeout', message);
}

/** An answer that is not what this engine answers. */
export function replyFailure(server: ServerName, what: string, cause?: unknown): EngineError {
  const { engine, url } = server;
  const message = `${engine} at ${url} answered with ${what}: check that the address is that of a ${engine} server.`;
  return failure(server, 'bad-reply', message, { cause });
}

/**
 * @param reason what a stream, read to its end, said of why it ends
 * @throws EngineError where it said nothing
 */
export function saidReason<Reason>(server: ServerName, reason: Reason | undefined): Reason {
  if (reason !== undefined) return reason;
  const message = `${server.engine} at ${server.url} ended its answer without a reason: see its log.`;
  throw failure(server, 'connection-lost', message);
}

/**
 * @param finishReason why the server says that its answer ended
 * @throws EngineError where it broke the answer off itself: what came is neither a whole one nor as long as was asked for
 */
export function assertNotAborted(server: ServerName, finishReason: string | null | undefined): void {
  if (finishReason === 'abort') throw replyFailure(server, 'an answer that it aborted');
}

/** An error that the server reported in the middle of its answer. */
export function reportedFailure(server: ServerName, error: unknown): EngineError {
  const { engine, url } = server;
  const reason = ownWords(server, JSON.stringify({ error }));
  const message = `${engine} at ${url} broke off${reason === undefined ? '' : `: ${reason}`}: see its log.`;
  return failure(server, 'server-failed', message, { reason });
}

/** All that is told of a server: what it sent may be quoted, and never the key. */
function failure(server: ServerName, code: string, message: string, details: EngineErrorDetails = {}): EngineError {
  const { engine, url, key } = server;
  const { cause } = details;
  return new EngineError(engine, code, withoutKey(key, message), {
    url,
    ...details,
    ...(cause !== undefined && { cause: causeWithoutKey(key, cause) }),
  });
}

/** `fetch` hides the system's error in `cause`, an attempt on several addresses in `errors`. */
function findCode(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return 'unknown reason';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error.cause !== undefined) return findCode(error.cause, depth + 1);
  return error instanceof AggregateError ? findCode(error.errors[0], depth + 1) : error.name;
}

/** What the server said, shortened, and without the key should it repeat it. */
function ownWords({ key }: ServerName, body: string): string | undefined {
  const clean = withoutKey(key, (messageOf(body) ?? body).replaceAll(/\s+/g, ' ').trim());
  if (clean === '') return undefined;
  return clean.length > MOST_QUOTED ? `${clean.slice(0, MOST_QUOTED)}…` : clean;
}

/** The message in `{"error": {"message"}}`, `{"error": text}`, `{"message"}` or `{"detail"}`. */
function messageOf(body: string): string | undefined {
  try {
    const { error, message, detail } = JSON.parse(body) as Record<string, unknown>;
    const inner = typeof error === 'object' && error !== null ? (error as Record<string, unknown>)['message'] : error;
    return [inner, message, detail].find((text) => typeof text === 'string');
  } catch {
    return undefined;
  }
}
