import type { DecodeEvent } from '../core/decode-event.ts';
import type { GrowingResponse, ResponseToken } from '../core/kit/growing-response.ts';
import type { NextToken } from '../core/language-model.ts';

/** Tokens of the base that are looked at together for repetitions. */
const RUN_TOKENS = 16;
/** Words, as split at single blanks, that a repetition has more of. */
const REPEATED_WORDS = 5;

/** The base's side of nudging: what it writes while it is sure of it. */
export class BaseRun {
  readonly #threshold: number;
  readonly #response: GrowingResponse;
  /** The base took over because it would have written the aligned model's word: its token counts, sure or not. */
  #agreed = false;

  /** @param threshold probability of the first choice from which the base is sure */
  constructor(threshold: number, response: GrowingResponse) {
    this.#threshold = threshold;
    this.#response = response;
  }

  /** Whether the base goes on by itself: it is sure, or begins the word that the aligned model has next. */
  async wouldWrite(word: string): Promise<boolean> {
    const first = await firstChoice(this.#response);
    const text = new TextDecoder().decode(first.bytes);
    this.#agreed = !first.ends && text !== '' && word.startsWith(text);
    return this.#agreed || this.#isSure(first);
  }

  /** Writes while the base is sure, in runs that are shown once it is clear that they repeat nothing. */
  async *write(): AsyncGenerator<DecodeEvent, void, void> {
    const { length: roundStart } = this.#response.text;
    for (;;) {
      const run = this.#response.fork();
      const isLast = await this.#extend(run);
      if (this.#repeats(run, roundStart)) return;
      yield* this.#response.adopt(run);
      if (isLast || this.#response.left === 0) return;
    }
  }

  /** @returns true where nothing follows the run */
  async #extend(run: GrowingResponse): Promise<boolean> {
    const end = run.written + RUN_TOKENS;
    while (run.written < end && run.left > 0) {
      const first = await firstChoice(run);
      const goesOn = this.#agreed || this.#isSure(first) || !run.isWhole;
      if (first.ends || !goesOn) return true;
      this.#agreed = false;
      const token = await choose(first, run);
      if (token === undefined) return true;
      run.add(token);
    }
    return run.left === 0;
  }

  #isSure({ logprob }: NextToken): boolean {
    return Math.exp(logprob) >= this.#threshold;
  }

  /**
   * The run says again, word for word, what the response says already; or, however few its words, a full run says what
   * the base has written since the last nudge.
   */
  #repeats(run: GrowingResponse, roundStart: number): boolean {
    const before = this.#response.text;
    const text = run.text.slice(before.length);
    const length = run.written - this.#response.written;
    if (length === RUN_TOKENS && before.slice(roundStart).includes(text)) return true;
    return text.split(' ').length > REPEATED_WORDS && before.includes(text);
  }
}

async function firstChoice(response: GrowingResponse): Promise<NextToken> {
  const { candidates } = await response.nextTokens(1);
  return candidates[0]!;
}

/** The first choice, or what the request's sampling draws from the same row; undefined for the end. */
async function choose(first: NextToken, run: GrowingResponse): Promise<ResponseToken | undefined> {
  const { temperature = 0, repetitionPenalty = 1 } = run.request.sampling ?? {};
  if (temperature === 0 && repetitionPenalty === 1) return first;
  const drawn = run.generate({ maxTokens: 1 });
  const next = await drawn.next();
  await drawn.return('length');
  return next.done ? undefined : next.value;
}
