import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { NextTokens } from '../core/language-model.ts';

/** Tokens of a segment, the published code's. */
const SHORTEST = 4;
const LONGEST = 64;

export interface Segment {
  /** The response with it. */
  readonly text: GrowingResponse;
  /** The base ended the text after it. */
  readonly ends: boolean;
}

export interface SegmentSettings {
  /** Nats of the next token's entropy at which a segment ends. */
  readonly entropy: number;
  /** Tokens that are drawn from. */
  readonly topK: number;
}

/** Samples segments that follow a response. What comes first is the same for all of them and is asked for once. */
export class SegmentSampler {
  readonly #settings: SegmentSettings;
  #first: { readonly written: number; readonly next: NextTokens } | undefined;

  constructor(settings: SegmentSettings) {
    this.#settings = settings;
  }

  async sample(response: GrowingResponse): Promise<Segment> {
    const { entropy, topK } = this.#settings;
    if (this.#first?.written !== response.written)
      this.#first = { written: response.written, next: await response.nextTokens(topK) };
    let { next } = this.#first;
    const text = response.fork();
    for (let length = 0; length < LONGEST && text.left > 0; length++) {
      if (length > 0) next = await text.nextTokens(topK);
      if (length >= SHORTEST && next.entropy! >= entropy) break;
      const chosen = next.candidates[text.draw(next.candidates.map(({ logprob }) => logprob))]!;
      if (chosen.ends) return { text, ends: true };
      text.add(chosen);
    }
    return { text, ends: false };
  }
}
