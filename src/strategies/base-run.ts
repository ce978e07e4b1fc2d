import type { DecodeEvent } from '../core/decode-event.ts';
import type { NextToken, TokenId } from '../core/language-model.ts';
import type { TellingModel } from './assert-capable.ts';
import type { GrowingResponse, ResponseToken } from './growing-response.ts';

/** Tokens of the base that are looked at together for repetitions. */
const RUN_TOKENS = 16;
/** Words, as split at single blanks, that a repetition has more of. */
const REPEATED_WORDS = 5;

export interface BaseRunOptions {
  readonly base: TellingModel;
  /** Probability of the first choice from which the base is sure. */
  readonly threshold: number;
}

/** The base's side of nudging: what it writes while it is sure of it. */
export class BaseRun {
  readonly #options: BaseRunOptions;
  readonly #response: GrowingResponse;
  /** The base took over because it would have written the aligned model's word: its token counts, sure or not. */
  #agreed = false;

  constructor(options: BaseRunOptions, response: GrowingResponse) {
    this.#options = options;
    this.#response = response;
  }

  /** Whether the base goes on by itself: it is sure, or begins the word that the aligned model has next. */
  async wouldWrite(word: string): Promise<boolean> {
    const first = await this.#firstChoice([]);
    const text = new TextDecoder().decode(first.bytes);
    this.#agreed = !first.ends && text !== '' && word.startsWith(text);
    return this.#agreed || this.#isSure(first);
  }

  /** Writes while the base is sure, in runs that are shown once it is clear that they repeat nothing. */
  async *write(): AsyncGenerator<DecodeEvent, void, void> {
    const { record, text: before } = this.#response;
    for (;;) {
      const { tokens, isLast } = await this.#run();
      if (tokens.length > 0 && this.#repeats(tokens, before.length)) {
        record.discardedTokens! += tokens.length;
        return;
      }
      for (const token of tokens) yield* this.#response.add('base', token);
      if (isLast || record.stopped) return;
    }
  }

  async #run(): Promise<{ readonly tokens: readonly ResponseToken[]; readonly isLast: boolean }> {
    const tokens: ResponseToken[] = [];
    const most = Math.min(RUN_TOKENS, this.#response.left);
    while (tokens.length < most) {
      const first = await this.#firstChoice(tokens);
      // No other model can write the rest of a character.
      const goesOn =
        this.#agreed || this.#isSure(first) || !this.#response.isWholeWith(tokens.map(({ bytes }) => bytes));
      if (first.ends || !goesOn) return { tokens, isLast: true };
      this.#agreed = false;
      const token = await this.#choose(first, tokens);
      if (token === undefined) return { tokens, isLast: true };
      tokens.push(token);
    }
    return { tokens, isLast: this.#response.left <= tokens.length };
  }

  async #firstChoice(tokens: readonly ResponseToken[]): Promise<NextToken> {
    const { record, request } = this.#response;
    const { signal } = request;
    const next = await record.baseClock.time(() =>
      this.#options.base.nextTokens(this.#prefix(tokens), 1, signal && { signal }),
    );
    return next.candidates[0]!;
  }

  /** The first choice, or what the request's sampling draws from the same row; undefined for the end. */
  async #choose(first: NextToken, tokens: readonly ResponseToken[]): Promise<ResponseToken | undefined> {
    const { record, request } = this.#response;
    const { temperature, repetitionPenalty = 1 } = request.sampling ?? { temperature: 0 };
    if (temperature === 0 && repetitionPenalty === 1) return first;
    const options = { ...record.writerOptions(), maxTokens: 1 };
    const drawn = this.#options.base.generate(this.#prefix(tokens), {
      ...options,
      ...(request.logprobs && { logprobs: true }),
    });
    const next = await record.baseClock.time(() => drawn.next());
    await drawn.return('length');
    return next.done ? undefined : next.value;
  }

  #prefix(tokens: readonly ResponseToken[]): TokenId[] {
    return [...this.#response.tokens, ...tokens.map(({ token }) => token)];
  }

  #isSure({ logprob }: NextToken): boolean {
    return Math.exp(logprob) >= this.#options.threshold;
  }

  /**
   * The run says again, word for word, what the response says already; or, however few its words, a full run says what
   * the base has written since the last nudge.
   */
  #repeats(tokens: readonly ResponseToken[], roundStart: number): boolean {
    const before = this.#response.text;
    const run = this.#response.textWith(tokens.map(({ bytes }) => bytes)).slice(before.length);
    if (tokens.length === RUN_TOKENS && before.slice(roundStart).includes(run)) return true;
    return run.split(' ').length > REPEATED_WORDS && before.includes(run);
  }
}
