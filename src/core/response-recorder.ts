import type { DecodeEvent, DecodeStartEvent, HandBackEvent, ModelSwitchEvent, TokenEvent } from './decode-event.ts';
import { type DecodeTrace, TraceBuilder } from './decode-trace.ts';
import type { DecodeRequest } from './decoding-strategy.ts';
import { deriveSeed } from './derive-seed.ts';
import { generateOptions } from './generate-options.ts';
import type { FinishReason, GenerateOptions } from './language-model.ts';
import type { FormattedPrompt } from './prompt-format.ts';
import { LoopDetector } from './loop-detector.ts';
import { type ResponseEvent, ResponseStream } from './response-stream.ts';
import { seededRandom } from './seeded-random.ts';
import { Stopwatch } from './stopwatch.ts';

/** All of a request but what is answered. */
export type RecordedRequest = Omit<DecodeRequest, 'messages'>;

/** Sees what a decoder does. */
export interface ResponseWatcher {
  onEvent(event: DecodeEvent): void;
  /** @returns what is called once the model has answered */
  onCall(): () => void;
}

/** A token event before its text is known. */
export type UnshownToken = Omit<TokenEvent, 'type' | 'text'>;

/** The record of one response while a strategy writes it: its stream, clocks, counts and, at its end, its trace. */
export class ResponseRecorder {
  readonly draftClock: Stopwatch;
  readonly scoreClock: Stopwatch;
  readonly baseClock: Stopwatch;
  readonly request: RecordedRequest;
  /** What the base reads first. */
  prompt: FormattedPrompt | undefined;
  promptTokens = 0;
  draftTokens = 0;
  /** Of strategies that write more than they keep. */
  discardedTokens: number | undefined;

  /** Texts that end the response. */
  readonly stops: readonly string[];

  readonly #stream: ResponseStream;
  readonly #trace = new TraceBuilder();
  readonly #startMs = performance.now();
  readonly #counts = { draft: 0, base: 0 };
  readonly #loops: LoopDetector | undefined;
  #isLoop = false;
  #tokens = 0;
  readonly #formStops: readonly string[];
  readonly #parent: ResponseRecorder | undefined;
  #watcher: ResponseWatcher | undefined;
  #writers = 0;
  #firstTokenMs: number | undefined;

  /** @param formStops texts that end the response in the prompt's form, besides those of the request */
  constructor(request: RecordedRequest, formStops: readonly string[] = [], parent?: ResponseRecorder) {
    this.draftClock = parent?.draftClock ?? new Stopwatch();
    this.scoreClock = parent?.scoreClock ?? new Stopwatch();
    this.baseClock = parent?.baseClock ?? new Stopwatch();
    this.#parent = parent;
    this.#formStops = formStops;
    this.stops = [...formStops, ...(request.stop ?? [])];
    this.#stream = new ResponseStream(request.stop ?? [], formStops);
    this.request = request;
    this.#loops = request.onLoop === 'stop' ? new LoopDetector() : undefined;
  }

  /** Tokens of the response so far, those that are held back left out. */
  get tokens(): number {
    return this.#counts.draft + this.#counts.base;
  }

  /** True once a stop string, a loop, or the most tokens of the response, ended it. */
  get stopped(): boolean {
    return this.#stream.stopped || this.#isLoop || this.left <= 0;
  }

  /** Tokens that may follow by the request's limit of the whole response. */
  get left(): number {
    return (this.request.maxResponseTokens ?? Infinity) - this.#tokens;
  }

  /** Most tokens of the model that finishes the response. */
  get maxTokens(): number {
    return generateOptions(this.request).maxTokens;
  }

  /** The record of a text that nobody sees: it shares the times and the seed, and has a stream and counts of its own. */
  fork(request: RecordedRequest): ResponseRecorder {
    const copy = new ResponseRecorder(request, this.#formStops, this.#parent ?? this);
    copy.promptTokens = this.promptTokens;
    copy.#tokens = this.#tokens;
    return copy;
  }

  /** Goes on behind these bytes, which the record that it was forked from has held back. */
  resume(heldBack: Uint8Array): void {
    this.#stream.pushToken({ id: undefined, source: 'base' }, heldBack);
  }

  /** Counts tokens that were written and not kept. */
  discard(tokens: number): void {
    const counting = this.#parent ?? this;
    counting.discardedTokens = (counting.discardedTokens ?? 0) + tokens;
  }

  /**
   * How the next one to write chooses its tokens. One seed decides the whole response: whoever writes a part of it, and
   * each sample, draws from a stream of its own.
   */
  writerOptions(): GenerateOptions {
    const options = generateOptions(this.request);
    return { ...options, ...(options.seed !== undefined && { seed: this.#nextSeed(options.seed) }) };
  }

  /** Random numbers for one who draws tokens by itself, likewise. */
  random(): () => number {
    const seed = this.request.sampling?.seed;
    return seededRandom(seed === undefined ? undefined : this.#nextSeed(seed));
  }

  #nextSeed(seed: number): number {
    const counting = this.#parent ?? this;
    return deriveSeed(seed, counting.#writers++, 'writer');
  }

  /** Lets somebody see what a decoder does: each event of this record, and each call of a model. */
  watch(watcher: ResponseWatcher): void {
    this.#watcher = watcher;
  }

  /** A model is asked: its answer, while the watcher knows. */
  async ask<T>(clock: Stopwatch, work: () => Promise<T>): Promise<T> {
    const done = this.called();
    try {
      return await clock.time(work);
    } finally {
      done?.();
    }
  }

  called(): (() => void) | undefined {
    return (this.#parent ?? this).#watcher?.onCall();
  }

  start(event: Omit<DecodeStartEvent, 'type'>): DecodeEvent {
    const start: DecodeStartEvent = { type: 'decode-start', ...event };
    this.#trace.add(start);
    return start;
  }

  token(token: UnshownToken, bytes: Uint8Array): ResponseEvent[] {
    if (this.stopped) return [];
    this.#tokens++;
    this.#isLoop = this.#loops?.push(bytes) ?? false;
    return this.#emit(this.#stream.pushToken(token, bytes));
  }

  switch(event: Omit<ModelSwitchEvent, 'type'>): ResponseEvent[] {
    return this.#emit(this.#stream.pushSwitch({ type: 'model-switch', ...event }));
  }

  handBack(event: Omit<HandBackEvent, 'type'>): ResponseEvent[] {
    return this.#emit(this.#stream.pushSwitch({ type: 'hand-back', ...event }));
  }

  /**
   * Gives what was held back, then the end; returns the trace. A stop string found is the reason `stop`; before that, a loop
   * is the reason `loop`, and the most tokens of the response are the reason `length`.
   */
  *end(reason: FinishReason): Generator<DecodeEvent, DecodeTrace, void> {
    const finishReason = this.#finishReason(reason);
    this.#watcher = undefined;
    yield* this.#emit(this.#stream.end(finishReason));
    const ending = {
      finishReason,
      usage: this.#usage(),
      timings: this.#timings(),
    } as const;
    const trace = this.#trace.end({ ...ending, ...(this.prompt && { prompt: this.prompt }) });
    yield { type: 'decode-end', ...ending, trace };
    return trace;
  }

  #finishReason(reason: FinishReason): FinishReason {
    if (this.#stream.stopped) return 'stop';
    if (this.#isLoop) return 'loop';
    return this.stopped ? 'length' : reason;
  }

  #emit(events: ResponseEvent[]): ResponseEvent[] {
    for (const event of events) {
      this.#trace.add(event);
      this.#watcher?.onEvent(event);
      if (event.type !== 'token') continue;
      this.#firstTokenMs ??= performance.now() - this.#startMs;
      this.#counts[event.source]++;
    }
    return events;
  }

  #usage() {
    const { draft: keptDraftTokens, base: baseTokens } = this.#counts;
    const { promptTokens, draftTokens, discardedTokens } = this;
    return {
      promptTokens,
      draftTokens,
      keptDraftTokens,
      baseTokens,
      totalTokens: promptTokens + keptDraftTokens + baseTokens,
      ...(discardedTokens !== undefined && { discardedTokens }),
    };
  }

  #timings() {
    return {
      firstTokenMs: this.#firstTokenMs,
      draftMs: this.draftClock.elapsedMs,
      scoreMs: this.scoreClock.elapsedMs,
      baseMs: this.baseClock.elapsedMs,
      totalMs: performance.now() - this.#startMs,
    };
  }
}
