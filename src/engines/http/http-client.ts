import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from 'undici';
import type { z } from 'zod';
import type { EngineError } from '../../core/errors.ts';
import { readRetryAfter } from '../../models/read-retry-after.ts';
import { connectionFailure, isBusy, mayRetry, replyFailure, type ServerName, statusFailure } from './http-failure.ts';
import { Patience } from './patience.ts';
import { isRedirect, redirectFailure } from './redirect-failure.ts';
import { readEvents } from './read-events.ts';
import { readText } from './read-text.ts';

export interface HttpClientOptions extends ServerName {
  /** Longest silence of the server, before and within an answer, and longest wait for progress. Default: 300,000. */
  readonly timeoutMs?: number | undefined;
  /** Most requests at once; more wait. Default: 64. */
  readonly connections?: number | undefined;
  /** Most further attempts of one call. Default: 3. */
  readonly retries?: number | undefined;
  /** The wait before the first of them, doubled each time, and up to twice as long by chance. Default: 250. */
  readonly retryDelayMs?: number | undefined;
  /** False: a server that is busy is the caller's to wait for. Default: true, for as long as attempts last. */
  readonly retriesBusy?: boolean | undefined;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

interface StreamOptions extends CallOptions {
  /** False: one attempt, as a part of a call that is retried as a whole. Default: true. */
  readonly retried?: boolean;
}

const CONNECT_TIMEOUT_MS = 10_000;
const LONGEST_RETRY_AFTER_MS = 10_000;
const LONGEST_RETRY_DELAY_MS = 5_000;
const DEFAULT_TIMEOUT_MS = 300_000;
/** Of a reply that is an error: enough for its message. */
const MOST_ERROR_BYTES = 64 * 1024;
/** Of a resource, such as a list of models. */
const MOST_RESOURCE_BYTES = 16 * 2 ** 20;
/** Of an answer: the scores of the longest contexts, with alternatives, have some tens of MiB. */
const MOST_ANSWER_BYTES = 256 * 2 ** 20;

/**
 * JSON over HTTP to one model server: connections are kept and bounded, an abort reaches the socket, and every failure
 * is an EngineError that names engine and address. Aborts stay the platform's AbortError.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #dispatcher: Dispatcher;

  constructor(options: HttpClientOptions) {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, connections = 64 } = options;
    this.#options = options;
    const settings = {
      connections,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    };
    // Node itself, too, reads the proxy's variables only when told to.
    const proxied = process.env['NODE_USE_ENV_PROXY'] === '1';
    this.#dispatcher = proxied ? new EnvHttpProxyAgent(settings) : new Agent(settings);
  }

  /** The server, for errors. */
  get server(): ServerName {
    return this.#options;
  }

  /** For waits that this client can't bound, for it does not know what an event brings. */
  patience(times = 1): Patience {
    return new Patience(this.server, times * (this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS));
  }

  /** Reads a resource. Retried. */
  async get<T>(path: string, schema: z.ZodType<T>, options: CallOptions = {}): Promise<T> {
    return await this.#json('GET', path, undefined, schema, options);
  }

  /** A question whose answer does not depend on how often it is asked, such as scoring. Retried. */
  async ask<T>(path: string, body: object, schema: z.ZodType<T>, options: CallOptions = {}): Promise<T> {
    return await this.#json('POST', path, body, schema, options);
  }

  /**
   * An answer in server-sent events: the JSON of each. Made again only where the server can't have begun. Leaving the
   * loop, or an abort, closes the connection, which stops the server's work; so a loop that is content reads on to the end.
   */
  async *stream(
    path: string,
    body: object,
    { signal, retried = true }: StreamOptions = {},
  ): AsyncGenerator<unknown, void, void> {
    const left = new AbortController();
    const leave = () => left.abort();
    const patience = this.patience();
    const stop = patience.or(left.signal, signal);
    try {
      const send = () => this.#send('POST', path, body, stop);
      const response = await (retried ? this.#retrying(send, { idempotent: false, signal }) : send());
      yield* readEvents(response, this.server, { signal: stop, patience, leave });
    } finally {
      leave();
    }
  }

  /**
   * A question that is answered in server-sent events, such as scoring where nothing but writing tells scores. Retried, from
   * its beginning to the end of `read`, which gets the events of each attempt anew.
   */
  async askInStream<T>(
    path: string,
    body: object,
    read: (events: AsyncIterable<unknown>) => Promise<T>,
    { signal }: CallOptions = {},
  ): Promise<T> {
    const attempt = async () => {
      // Its prompt may take one wait, and its answer another.
      const patience = this.patience(2);
      const stop = patience.or(signal);
      return await patience.wait(() => read(this.stream(path, body, { signal: stop, retried: false })));
    };
    return await this.#retrying(attempt, { idempotent: true, signal });
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #json<T>(
    method: string,
    path: string,
    body: object | undefined,
    schema: z.ZodType<T>,
    { signal }: CallOptions,
  ): Promise<T> {
    const mostBytes = method === 'GET' ? MOST_RESOURCE_BYTES : MOST_ANSWER_BYTES;
    const attempt = async () => {
      const patience = this.patience();
      const stop = patience.or(signal);
      const response = await this.#send(method, path, body, stop);
      const read = () => readText(response, { mostBytes, whole: true });
      const text = await this.#connected(stop, () => patience.wait(read));
      if (text === undefined) throw replyFailure(this.server, `more than ${mostBytes} bytes`);
      return parseReply(text, schema, this.server);
    };
    return await this.#retrying(attempt, { idempotent: true, signal });
  }

  async #retrying<T>(
    attempt: () => Promise<T>,
    { idempotent, signal }: { readonly idempotent: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<T> {
    const { retries = 3, retryDelayMs = 250, retriesBusy = true } = this.#options;
    const isRetried = (error: unknown) => mayRetry(error, { idempotent }) && (retriesBusy || !isBusy(error));
    return await pRetry(attempt, {
      retries,
      minTimeout: retryDelayMs,
      maxTimeout: LONGEST_RETRY_DELAY_MS,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => isRetried(error),
      onFailedAttempt: async ({ error, retryDelay, retriesLeft }) => {
        const { retryAfterMs = 0 } = error as Partial<EngineError>;
        const afterMs = Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
        if (retriesLeft > 0 && afterMs > retryDelay && isRetried(error))
          await delay(afterMs - retryDelay, undefined, signal && { signal });
      },
    });
  }

  /** @returns a reply with a status of success, its body unread */
  async #send(
    method: string,
    path: string,
    body: object | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { url, key } = this.#options;
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    };
    const response = await this.#connected(signal, () =>
      fetch(url + path, {
        method,
        headers,
        dispatcher: this.#dispatcher,
        // Following it would carry the key elsewhere.
        redirect: 'manual',
        ...(body && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      }),
    );
    if (response.ok) return response;
    throw await this.#refusal(path, response, signal);
  }

  async #refusal(path: string, response: Response, signal: AbortSignal | undefined): Promise<EngineError> {
    const { status, headers } = response;
    const read = () => readText(response, { mostBytes: MOST_ERROR_BYTES, whole: false });
    const text = (await this.#connected(signal, read)) ?? '';
    if (isRedirect(status)) return redirectFailure(this.server, { status, path, location: headers.get('location') });
    return statusFailure(this.server, { status, body: text, retryAfterMs: readRetryAfter(headers.get('retry-after')) });
  }

  async #connected<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      signal?.throwIfAborted();
      throw connectionFailure(this.server, cause);
    }
  }
}

function parseReply<T>(text: string, schema: z.ZodType<T>, server: ServerName): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw replyFailure(server, 'something that is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw replyFailure(server, `JSON whose ${path.join('.') || 'top level'} is not as expected (${message})`);
}
