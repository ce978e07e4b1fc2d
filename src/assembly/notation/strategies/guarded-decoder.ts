import { settingName } from '../../../core/setting-name.ts';
import { inspect } from 'node:util';
import type { DecodeEvent } from '../../../core/decode-event.ts';
import { ConfigError, WellbegunError } from '../../../core/errors.ts';
import type { Decoder } from '../../../core/kit/decoder.ts';
import type { GrowingResponse } from '../../../core/kit/growing-response.ts';
import { FINISH_REASONS, type FinishReason } from '../../../core/language-model.ts';
import { errorReason } from '../run-module.ts';

/** Calls of the response's verbs without a token, after which nothing more is to be expected. */
const MOST_CALLS = 20_000;
/** Neither a token nor a call of the models for so long. */
const MOST_IDLE_MS = 60_000;

/**
 * A decoder of a user's module: what fails in it, what it yields in place of the response's events, and where it never
 * ends, is a fault of that module. What models and requests are refused for stays as it is.
 *
 * @param path of the module, for messages
 */
export function guardedDecoder(decoder: Decoder, path: string, mostIdleMs = MOST_IDLE_MS): Decoder {
  const { name, needs, abilities, sampling, defaultTemperature, textsAtOnce } = decoder;
  return {
    name,
    needs,
    ...(abilities && { abilities }),
    ...(sampling && { sampling }),
    ...(defaultTemperature !== undefined && { defaultTemperature }),
    ...(textsAtOnce !== undefined && { textsAtOnce }),
    async prepare(response) {
      await attempt(`prepare of ${path}`, response, async () => await decoder.prepare?.(response));
    },
    write: (response) => write(decoder, response, { source: `write of ${path}`, mostIdleMs }),
  };
}

interface Guard {
  readonly source: string;
  readonly mostIdleMs: number;
}

async function* write(
  decoder: Decoder,
  response: GrowingResponse,
  { source, mostIdleMs }: Guard,
): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const given: DecodeEvent[] = [];
  const progress = new Progress(source, mostIdleMs);
  response.record.watch({ onEvent: (event) => given.push(event), onCall: () => progress.called() });
  const events: unknown = await attempt(source, response, () => decoder.write(response));
  if (!isGenerator(events)) throw wrong(source, `must return the events of a response: write it as async *write`);
  try {
    for (;;) {
      const next = await attempt(source, response, () => progress.bound(events.next(), response.request.signal));
      if (next.done) return checkedEnd(next.value, given, source);
      progress.advanced();
      if (next.value !== given.shift())
        throw wrong(
          source,
          `yielded ${inWords(next.value)}: yield what the verbs of the response give, each once, in order`,
        );
      yield next.value;
    }
  } finally {
    // One that hangs is not waited for.
    void Promise.resolve(events.return('stop')).catch(() => undefined);
  }
}

function checkedEnd(end: unknown, given: readonly DecodeEvent[], source: string): FinishReason {
  if (given.length > 0) throw wrong(source, `kept ${given.length} events to itself: yield* what response.add gives`);
  const known = FINISH_REASONS.find((reason) => reason === end);
  if (known !== undefined) return known;
  throw wrong(source, `must return one of ${FINISH_REASONS.join(', ')}, not ${inWords(end)}`);
}

/** Whether the module still does something. */
class Progress {
  readonly #source: string;
  readonly #mostIdleMs: number;
  #calls = 0;
  #running = 0;
  #lastMs = performance.now();

  constructor(source: string, mostIdleMs: number) {
    this.#source = source;
    this.#mostIdleMs = mostIdleMs;
  }

  /** @returns what says that the call is over */
  called(): () => void {
    if (++this.#calls > MOST_CALLS)
      throw wrong(this.#source, `asked ${MOST_CALLS} times without a token of the response`);
    this.#running++;
    return () => {
      this.#running--;
      this.#lastMs = performance.now();
    };
  }

  advanced(): void {
    this.#calls = 0;
    this.#lastMs = performance.now();
  }

  /** What it waits for, the abort of the request, or the end of patience, whichever comes first. */
  async bound<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const { promise: given, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal!.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setInterval(() => {
      if (this.#running > 0 || performance.now() - this.#lastMs < this.#mostIdleMs) return;
      reject(wrong(this.#source, `did nothing for ${this.#mostIdleMs / 1000} s`));
    }, this.#mostIdleMs / 4);
    try {
      return await Promise.race([work, given]);
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', abort);
      work.catch(() => undefined);
    }
  }
}

async function attempt<T>(source: string, { request }: GrowingResponse, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    request.signal?.throwIfAborted();
    if (cause instanceof WellbegunError) throw cause;
    throw wrong(source, `failed (${errorReason(cause)})`, { cause });
  }
}

function isGenerator(value: unknown): value is AsyncGenerator<DecodeEvent, FinishReason, void> {
  const generator = value as Partial<AsyncGenerator> | undefined | null;
  const isAsync = typeof generator?.[Symbol.asyncIterator] === 'function';
  return isAsync && typeof generator.next === 'function' && typeof generator.return === 'function';
}

function inWords(value: unknown): string {
  const text = inspect(value, { depth: 0, breakLength: Infinity });
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function wrong(source: string, fault: string, options?: ErrorOptions): ConfigError {
  return new ConfigError('bad-strategy', `${settingName('strategyModule')}: the ${source} ${fault}: mend it.`, options);
}
