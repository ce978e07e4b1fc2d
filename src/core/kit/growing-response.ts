import { settingName } from '../setting-name.ts';
import { assertGivesLogprobs } from '../assert-gives-logprobs.ts';
import { byteCount } from '../byte-count.ts';
import { commonPrefixLength } from '../common-prefix-length.ts';
import { continued } from '../continued.ts';
import type { DecodeEvent, TokenEvent, TokenSource } from '../decode-event.ts';
import type { DecodeRequest } from '../decoding-strategy.ts';
import type { DraftPiece } from '../draft-writer.ts';
import { dropBytes } from '../drop-bytes.ts';
import { CapabilityError } from '../errors.ts';
import type {
  FinishReason,
  GeneratedToken,
  GenerateOptions,
  LanguageModel,
  NextTokens,
  TokenId,
  TokenScore,
} from '../language-model.ts';
import type { FormattedPrompt } from '../prompt-format.ts';
import { ResponseRecorder } from '../response-recorder.ts';
import { rewardsOf } from '../rewards-of.ts';
import { assertFits } from '../token-budget.ts';
import { generateWithModel, type WriteOptions } from '../write-with-model.ts';
import { assertToken } from './assert-token.ts';
import { type DecoderModels, type DecoderRole, needModel } from './decoder-models.ts';
import { draw } from './draw.ts';
import { joinBytes } from '../join-bytes.ts';
import { readPrompt } from './read-prompt.ts';

/** One token and its part of the response. */
export interface ResponseToken {
  /** Undefined where a draft's engine does not tell. */
  readonly token?: TokenId | undefined;
  readonly bytes: Uint8Array;
  /** ln P of it, of the model that wrote it; shown where the request asks for logprobs. */
  readonly logprob?: number | undefined;
}

/** What a response and its forks are made with. */
interface Parts {
  readonly models: DecoderModels;
  readonly prompt: FormattedPrompt;
  readonly promptTokens: readonly TokenId[];
  readonly request: DecodeRequest;
}

/**
 * A response while it grows: its text and tokens, its record, and the verbs by which decoders write it. Models are asked
 * for what follows the response as it is; times, usage, seeds and the request's signal are seen to.
 */
export class GrowingResponse {
  readonly models: DecoderModels;
  readonly request: DecodeRequest;
  readonly prompt: FormattedPrompt;
  readonly record: ResponseRecorder;
  readonly #parts: Parts;
  readonly #root: GrowingResponse | undefined;
  readonly #added: { readonly source: TokenSource; readonly token: ResponseToken }[] = [];
  readonly #limit: number;
  /** Tokens that the context holds after the prompt. */
  readonly #room: number;
  #random: (() => number) | undefined;
  #tokens: readonly TokenId[];
  #bytes: Uint8Array = new Uint8Array();
  #shown = '';
  #written = 0;
  #baseTokens = 0;
  /** Those of `add`. */
  #draftTokens = 0;

  /**
   * The prompt in the base's form and tokens; of a decoder without a base, in the draft's.
   *
   * @throws ContextOverflowError for a prompt that does not fit, or leaves no room for what was asked for; CapabilityError
   *   for logprobs that were asked for and are not to be had
   */
  static async open(
    models: DecoderModels,
    needs: readonly DecoderRole[],
    request: DecodeRequest,
  ): Promise<GrowingResponse> {
    const asked = { option: settingName('maxTokens'), tokens: request.maxTokens };
    if (!needs.includes('base')) {
      const draft = needModel(models, 'draft');
      assertGivesLogprobs(draft, draft.givesLogprobs, request);
      const measure = await draft.measure?.(request.messages, { signal: request.signal });
      if (measure) assertFits({ id: draft.id, info: measure }, measure.promptTokens, asked);
      const parts = { models, prompt: { text: [], stop: [] }, promptTokens: [], request };
      const promptTokens = measure?.promptTokens ?? 0;
      return new GrowingResponse(parts, promptTokens, measure?.contextLength ?? Infinity);
    }
    const base = needModel(models, 'base');
    assertGivesLogprobs(base, base.capabilities.generatedLogprobs, request);
    const prompt = models.baseFormat!.format(request.messages);
    const promptTokens = await base.encode(prompt.text, { signal: request.signal });
    assertFits(base, promptTokens.length, asked);
    const parts = { models, prompt, promptTokens, request };
    const response = new GrowingResponse(parts, promptTokens.length, base.info.contextLength);
    response.record.prompt = prompt;
    return response;
  }

  private constructor(parts: Parts, promptTokens: number, contextLength: number, root?: GrowingResponse) {
    const { models, request, prompt } = parts;
    this.#parts = parts;
    this.#root = root;
    this.models = models;
    this.request = request;
    this.prompt = prompt;
    this.#tokens = parts.promptTokens;
    this.record = root ? root.record.fork(request) : new ResponseRecorder(request, prompt.stop);
    this.record.promptTokens = promptTokens;
    this.#room = contextLength - promptTokens;
    this.#limit = Math.min(this.record.maxTokens, this.#room);
  }

  /** Prompt and response, in the base's tokens. */
  get tokens(): readonly TokenId[] {
    return this.#tokens;
  }

  /** The whole characters of the response, what is held back for a stop string included. */
  get text(): string {
    return wholeCharacters(this.#bytes);
  }

  /** The response as far as it may be shown: of a sample that has ended, without its stop string. */
  get shown(): string {
    return this.#shown;
  }

  /** Texts that end the response: those of the prompt's form, and the request's. */
  get stops(): readonly string[] {
    return this.record.stops;
  }

  /** Tokens of the response so far. */
  get written(): number {
    return this.#written;
  }

  /** Tokens that may follow; 0 once a stop string or a limit ended the response. */
  get left(): number {
    if (this.record.stopped) return 0;
    return Math.max(Math.min(this.#limit - this.#written, this.record.left), 0);
  }

  /** Tokens that the base may still write by the request's limit, which counts no others. */
  get baseLeft(): number {
    return Math.min(this.record.maxTokens - this.#baseTokens, this.record.left);
  }

  /** False in the middle of a character, which only the model that began it can finish. */
  get isWhole(): boolean {
    return this.isWholeWith([]);
  }

  /** The text as it would be with these bytes added. */
  textWith(added: readonly Uint8Array[]): string {
    return wholeCharacters(joinBytes([this.#bytes, ...added]));
  }

  isWholeWith(added: readonly Uint8Array[]): boolean {
    const length = byteCount([this.#bytes, ...added]);
    return new TextEncoder().encode(this.textWith(added)).length === length;
  }

  /**
   * The `count` tokens that the base finds most likely to come next; at least one.
   *
   * @param options.context how many of the last tokens it sees, after the very first one; by default all
   */
  nextTokens(count: number, { context = Infinity }: { readonly context?: number } = {}): Promise<NextTokens> {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError(`nextTokens takes a whole number of at least 1, not ${String(count)}`);
    const { base, signal } = this.#base();
    const [first, ...rest] = this.#tokens;
    const seen = rest.length > context ? [first!, ...rest.slice(rest.length - context)] : this.#tokens;
    if (!base.nextTokens) throw new CapabilityError('no-next-tokens', `${base.id} gives no next tokens.`);
    return this.record.ask(this.record.baseClock, () => base.nextTokens!(seen, count, signal && { signal }));
  }

  /** An index, drawn with probability softmax(scores / temperature) of the request; of the first greatest at 0. */
  draw(scores: readonly number[]): number {
    return draw(scores, this.request.sampling?.temperature ?? 0, this.random);
  }

  /** Numbers in [0, 1): one stream of the request's seed for this response. */
  random = (): number => {
    this.#random ??= this.record.random();
    return this.#random();
  };

  /** The base's probability of each token of a text that would follow, in the base's tokens. */
  async score(text: string): Promise<TokenScore[]> {
    const { common, added } = await this.#tokenized(text);
    return await this.#scored(common, added);
  }

  /** The rewards of answers, in order; of the response as it is by default. Larger is better, on no common scale. */
  rewards(answers: readonly string[] = [this.text]): Promise<number[]> {
    const { messages, signal } = this.request;
    const reward = needModel(this.models, 'reward');
    return this.record.ask(this.record.scoreClock, () => rewardsOf(reward, messages, answers, signal && { signal }));
  }

  async reward(answer = this.text): Promise<number> {
    return (await this.rewards([answer]))[0]!;
  }

  /**
   * Adds a token after the last one: its events, to be yielded; none once the response is at its end. In a fork they are
   * nobody's. One that is not the base's
   * has an id in its writer's own vocabulary, so the base can't go on from it: for that there is `addText`.
   */
  add(token: ResponseToken, source: TokenSource = 'base'): DecodeEvent[] {
    assertToken(token, source === 'base' ? this.models.base?.info.vocabularySize : undefined);
    if (!this.#hasRoom(source)) {
      this.record.called()?.();
      return [];
    }
    if (source === 'draft') this.#draftTokens++;
    else if (token.token !== undefined) this.#tokens = [...this.#tokens, token.token];
    const { logprob } = token;
    return this.#emit(token, source, this.request.logprobs && logprob !== undefined ? { logprob } : {});
  }

  /**
   * Adds text of another model: all of it is tokenised together by the base, as a reader of the whole would, and the
   * tokens from the first new one on are those of the text. Their logprobs are read in the pass that takes them in.
   */
  async addText(text: string, source: TokenSource = 'draft'): Promise<DecodeEvent[]> {
    const { base, signal } = this.#base();
    const { common, added: all } = await this.#tokenized(text);
    const overlap = byteCount(await base.decode(this.#tokens.slice(common.length), { signal }));
    const added = all.slice(0, Math.max(this.#limit - this.#written, 0));
    const scores = await this.#scored(common, added);
    this.#tokens = [...common, ...added];
    const pieces = dropBytes(await base.decode(added, { signal }), overlap);
    return pieces.flatMap((bytes, i) =>
      bytes.length === 0 ? [] : this.#emit({ token: added[i]!, bytes }, source, { logprob: scores[i]!.logprob }),
    );
  }

  /** A token that a part of the kit has settled; `keep` says afterwards which tokens all of them are. */
  settle(token: ResponseToken, more: Pick<TokenEvent, 'logprob' | 'window'>): DecodeEvent[] {
    return this.#emit(token, 'draft', more);
  }

  /** Prompt and response in the base's tokens, where they were settled with another seam. */
  keep(tokens: readonly TokenId[]): void {
    this.#tokens = tokens;
    this.#written = tokens.length - this.record.promptTokens;
  }

  /** The base writes on until it ends or is at a limit: `maxTokens`, by default what the request leaves to it. */
  async *write(options: WriteOptions = {}): AsyncGenerator<DecodeEvent, FinishReason, void> {
    const tokens = this.generate(options);
    try {
      for (;;) {
        const next = await tokens.next();
        if (next.done) return next.value;
        yield* this.add(next.value);
        if (this.record.stopped) return 'stop';
      }
    } finally {
      await tokens.return('stop');
    }
  }

  /** The same, but nothing of it is part of the response yet: what is to be looked at before it is added. */
  generate(options: WriteOptions = {}): AsyncGenerator<GeneratedToken, FinishReason, void> {
    const { base } = this.#base();
    const maxTokens = Math.min(options.maxTokens ?? Infinity, this.baseLeft);
    return generateWithModel(base, this.#tokens, this.record, { ...options, maxTokens });
  }

  /** What the draft writes on after the response, piece by piece; nothing of it is part of the response yet. */
  async *draft(options: Partial<GenerateOptions> = {}): AsyncGenerator<DraftPiece, FinishReason, void> {
    const { messages, logprobs } = this.request;
    const draft = needModel(this.models, 'draft');
    const pieces = draft.write(continued(messages, this.text), {
      ...this.record.writerOptions(),
      ...(logprobs && draft.givesLogprobs && { logprobs }),
      ...options,
    });
    try {
      for (;;) {
        const next = await this.record.ask(this.record.draftClock, () => pieces.next());
        if (next.done) return next.value;
        this.record.draftTokens++;
        yield next.value;
      }
    } finally {
      await pieces.return('stop');
    }
  }

  /** A copy that grows by itself and is not shown. What is added to it counts as discarded, unless it is adopted. */
  fork(signal?: AbortSignal): GrowingResponse {
    const parts = signal ? { ...this.#parts, request: { ...this.request, signal } } : this.#parts;
    const { promptTokens } = this.record;
    const copy = new GrowingResponse(parts, promptTokens, this.#room + promptTokens, this.#root ?? this);
    copy.#tokens = this.#tokens;
    copy.#bytes = this.#bytes;
    copy.#written = this.#written;
    copy.#baseTokens = this.#baseTokens;
    copy.#random = this.random;
    copy.#shown = this.#shown;
    copy.record.resume(this.#bytes.subarray(new TextEncoder().encode(this.#shown).length));
    return copy;
  }

  /** Adds what was added to a fork since it was made. */
  adopt(fork: GrowingResponse): DecodeEvent[] {
    this.record.discard(-fork.#added.length);
    return fork.#added.flatMap(({ token, source }) => this.add(token, source));
  }

  /**
   * Forks to which the base has written the rest of the response, all at the same time. Where one fails the others are
   * stopped.
   */
  async samples(count: number): Promise<readonly Sample[]> {
    const failed = new AbortController();
    const { signal: asked } = this.request;
    const signal = asked ? AbortSignal.any([asked, failed.signal]) : failed.signal;
    if (count > 1) await readPrompt(this.#base().base, this.#tokens, signal);
    const work = Array.from({ length: count }, () => this.fork(signal).#sample());
    try {
      return await Promise.all(work);
    } catch (error) {
      failed.abort();
      await Promise.allSettled(work);
      throw error;
    }
  }

  async #sample(): Promise<Sample> {
    const events = this.write();
    for (;;) {
      const next = await events.next();
      if (!next.done) continue;
      for (const event of this.record.end(next.value)) if (event.type === 'token') this.#shown += event.text;
      return { response: this, finish: next.value };
    }
  }

  #hasRoom(source: TokenSource): boolean {
    if (this.record.stopped) return false;
    if (source === 'base') return this.#baseTokens < this.record.maxTokens && this.#written < this.#room;
    // In a vocabulary of its own, whose context its engine knows.
    return this.#draftTokens < this.record.maxTokens;
  }

  #base(): { readonly base: LanguageModel; readonly signal: AbortSignal | undefined } {
    return { base: needModel(this.models, 'base'), signal: this.request.signal };
  }

  /** The whole with this text: the tokens that stay, and those from the first new one on. */
  async #tokenized(text: string) {
    const { base, signal } = this.#base();
    const whole = [...this.prompt.text, { text: this.text + text, control: false }];
    const all = await base.encode(whole, { signal });
    const start = commonPrefixLength(all, this.#tokens);
    return { common: all.slice(0, start), added: all.slice(start) };
  }

  #scored(prefix: readonly TokenId[], added: readonly TokenId[]): Promise<TokenScore[]> {
    const { base, signal } = this.#base();
    return this.record.ask(this.record.scoreClock, () => base.score(prefix, added, signal && { signal }));
  }

  #emit(token: ResponseToken, source: TokenSource, more: Pick<TokenEvent, 'logprob' | 'window'>): DecodeEvent[] {
    const { token: id, bytes } = token;
    this.#bytes = joinBytes([this.#bytes, bytes]);
    this.#written++;
    if (source === 'base') this.#baseTokens++;
    if (this.#root) this.#added.push({ source, token });
    if (this.#root) this.record.discard(1);
    const events = this.record.token({ id, source, ...more }, bytes);
    for (const event of events) if (event.type === 'token') this.#shown += event.text;
    return events;
  }
}

/** A fork that was written to its end. */
export interface Sample {
  readonly response: GrowingResponse;
  readonly finish: FinishReason;
}

function wholeCharacters(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
