import { settingName } from '../core/setting-name.ts';
import { assertGivesLogprobs } from '../core/assert-gives-logprobs.ts';
import { byteCount } from '../core/byte-count.ts';
import { commonPrefixLength } from '../core/common-prefix-length.ts';
import { dropBytes } from '../core/drop-bytes.ts';
import type { DecodeEvent, ModelNames, TokenEvent } from '../core/decode-event.ts';
import type { DecodeRequest } from '../core/decoding-strategy.ts';
import type { LanguageModel, TokenId } from '../core/language-model.ts';
import type { FormattedPrompt, PromptFormat } from '../core/prompt-format.ts';
import { ResponseRecorder } from '../core/response-recorder.ts';
import { assertFits } from '../core/token-budget.ts';
import { generateOptions } from '../core/generate-options.ts';

/** The model that strategies write with, and how it sees a conversation. */
export interface BaseOptions {
  readonly base: LanguageModel;
  readonly baseFormat: PromptFormat;
}

/** One token and its part of the response. */
export interface ResponseToken {
  readonly token: TokenId;
  readonly bytes: Uint8Array;
  /** The base's ln P of it, which is told where the request asks for logprobs. */
  readonly logprob?: number;
}

/** A response while it grows: in the base's tokens, as text, and in the record. */
export class GrowingResponse {
  readonly record: ResponseRecorder;
  readonly prompt: FormattedPrompt;
  readonly request: DecodeRequest;
  /** Texts that end the response. */
  readonly stops: readonly string[];
  readonly #base: LanguageModel;
  readonly #limit: number;
  #tokens: readonly TokenId[];
  #bytes: Uint8Array = new Uint8Array();
  #written = 0;

  /**
   * The prompt in the base's form and tokens.
   *
   * @throws ContextOverflowError for a prompt that does not fit, or leaves no room for what was asked for
   */
  static async open({ base, baseFormat }: BaseOptions, request: DecodeRequest): Promise<GrowingResponse> {
    assertGivesLogprobs(base, base.capabilities.generatedLogprobs, request);
    const prompt = baseFormat.format(request.messages);
    const tokens = await base.encode(prompt.text, { signal: request.signal });
    assertFits(base, tokens.length, { option: settingName('maxTokens'), tokens: request.maxTokens });
    return new GrowingResponse(base, prompt, tokens, request);
  }

  private constructor(
    base: LanguageModel,
    prompt: FormattedPrompt,
    tokens: readonly TokenId[],
    request: DecodeRequest,
  ) {
    this.#base = base;
    this.prompt = prompt;
    this.#tokens = tokens;
    this.request = request;
    this.stops = [...prompt.stop, ...(request.stop ?? [])].filter((stop) => stop !== '');
    this.record = new ResponseRecorder(request, prompt.stop);
    this.record.promptTokens = tokens.length;
    this.#limit = Math.min(generateOptions(request).maxTokens, base.info.contextLength - tokens.length);
  }

  start(strategy: string, models: ModelNames): DecodeEvent {
    return this.record.start({ strategy, models: { base: this.#base.id, ...models } });
  }

  /** Prompt and response. */
  get tokens(): readonly TokenId[] {
    return this.#tokens;
  }

  /** The whole characters of the response, what is held back for a stop string included. */
  get text(): string {
    return wholeCharacters(this.#bytes);
  }

  /** Tokens of the response so far. */
  get written(): number {
    return this.#written;
  }

  /** Tokens that may follow. */
  get left(): number {
    return this.#limit - this.#written;
  }

  /** The text as it would be with these bytes added. */
  textWith(added: readonly Uint8Array[]): string {
    return wholeCharacters(joined([this.#bytes, ...added]));
  }

  /** False where these bytes would leave it in the middle of a character. */
  isWholeWith(added: readonly Uint8Array[]): boolean {
    const length = byteCount([this.#bytes, ...added]);
    return new TextEncoder().encode(this.textWith(added)).length === length;
  }

  /** Takes over what another part wrote into the record: prompt and response, in the base's tokens. */
  async keep(tokens: readonly TokenId[]): Promise<void> {
    const { signal } = this.request;
    const prompt = await this.#base.encode(this.prompt.text, { signal });
    const before = await this.#base.decode(prompt, { signal });
    this.#bytes = joined(await this.#base.decode(tokens, { signal })).subarray(byteCount(before));
    this.#tokens = tokens;
    this.#written = tokens.length - this.record.promptTokens;
  }

  /** Adds a token after the last one. */
  add(source: TokenEvent['source'], { token, bytes, logprob }: ResponseToken) {
    this.#tokens = [...this.#tokens, token];
    return this.#emit(source, token, bytes, this.request.logprobs && logprob !== undefined ? { logprob } : {});
  }

  /**
   * Adds text of another model: all of it is tokenised together by the base, as a reader of the whole would, and the
   * tokens from the first new one on are those of the text. Their logprobs are read in the pass that takes them in.
   */
  async *addText(source: TokenEvent['source'], text: string): AsyncGenerator<DecodeEvent, void, void> {
    const { signal } = this.request;
    const all = await this.#base.encode([...this.prompt.text, { text: this.text + text, control: false }], { signal });
    const common = commonPrefixLength(all, this.#tokens);
    const overlap = byteCount(await this.#base.decode(this.#tokens.slice(common), { signal }));
    const added = all.slice(common, common + Math.max(this.left, 0));
    const scores = await this.record.scoreClock.time(() =>
      this.#base.score(all.slice(0, common), added, signal && { signal }),
    );
    this.#tokens = all.slice(0, common + added.length);
    const pieces = dropBytes(await this.#base.decode(added, { signal }), overlap);
    for (const [i, bytes] of pieces.entries()) {
      if (bytes.length > 0) yield* this.#emit(source, added[i]!, bytes, { logprob: scores[i]!.logprob });
    }
  }

  *#emit(
    source: TokenEvent['source'],
    id: TokenId,
    bytes: Uint8Array,
    more: { readonly logprob?: number },
  ): Generator<DecodeEvent, void, void> {
    this.#bytes = joined([this.#bytes, bytes]);
    this.#written++;
    yield* this.record.token({ id, source, ...more }, bytes);
  }
}

function wholeCharacters(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(byteCount(pieces));
  let end = 0;
  for (const piece of pieces) {
    all.set(piece, end);
    end += piece.length;
  }
  return all;
}
