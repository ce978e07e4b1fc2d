import type { NextTokens } from '../core/language-model.ts';
import type { TellingModel } from './assert-capable.ts';
import { draw } from './draw.ts';
import type { GrowingResponse, ResponseToken } from './growing-response.ts';

/** Tokens of a segment, the published code's. */
const SHORTEST = 4;
const LONGEST = 64;

export interface Segment {
  readonly tokens: readonly ResponseToken[];
  /** The base ended the text after it. */
  readonly ends: boolean;
}

export interface SegmentSettings {
  /** Nats of the next token's entropy at which a segment ends. */
  readonly entropy: number;
  readonly temperature: number;
  /** Tokens that are drawn from. */
  readonly topK: number;
  readonly random: () => number;
}

/** Samples segments that follow a response. What comes first is the same for all of them and is asked for once. */
export class SegmentSampler {
  readonly #base: TellingModel;
  readonly #settings: SegmentSettings;
  #first: { readonly written: number; readonly next: NextTokens } | undefined;

  constructor(base: TellingModel, settings: SegmentSettings) {
    this.#base = base;
    this.#settings = settings;
  }

  async sample(response: GrowingResponse): Promise<Segment> {
    const { entropy, temperature, random } = this.#settings;
    const tokens: ResponseToken[] = [];
    const most = Math.min(LONGEST, response.left);
    while (tokens.length < most) {
      const next = await this.#next(response, tokens);
      if (tokens.length >= SHORTEST && next.entropy! >= entropy) break;
      const { candidates } = next;
      const chosen =
        candidates[
          draw(
            candidates.map(({ logprob }) => logprob),
            temperature,
            random,
          )
        ]!;
      if (chosen.ends) return { tokens, ends: true };
      tokens.push(chosen);
    }
    return { tokens, ends: false };
  }

  async #next(response: GrowingResponse, tokens: readonly ResponseToken[]): Promise<NextTokens> {
    const isFirst = tokens.length === 0;
    if (isFirst && this.#first?.written === response.written) return this.#first.next;
    const { signal } = response.request;
    const prefix = [...response.tokens, ...tokens.map(({ token }) => token)];
    const next = await this.#base.nextTokens(prefix, this.#settings.topK, signal && { signal });
    if (isFirst) this.#first = { written: response.written, next };
    return next;
  }
}
