import { settingName } from '../core/setting-name.ts';
import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { ConfigError } from '../core/errors.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason, SamplingParams } from '../core/language-model.ts';
import { COUNT, COUNT_OR_NONE, FINITE, NOT_NEGATIVE, POSITIVE, SHARE } from '../core/number-rules.ts';
import type { RewardModel } from '../core/reward-model.ts';
import type { BaseOptions } from './base-options.ts';
import { checkNumbers } from './check-numbers.ts';
import { type Segment, SegmentSampler } from './sample-segment.ts';

export const CARDS_NUMBERS = {
  threshold: FINITE,
  entropy: NOT_NEGATIVE,
  alpha: SHARE,
  beta: POSITIVE,
  length: COUNT,
  tries: COUNT_OR_NONE,
} as const;

export interface CardsNumbers {
  /** r*: the reward to reach, on the reward model's own scale. Default: 8.5. */
  readonly threshold?: number;
  /** τ_u ≥ 0: a segment ends before a token whose distribution has this entropy in nats. Default: 3. */
  readonly entropy?: number;
  /** α in [0, 1]: where the threshold starts, from the prompt's own reward (0) to r* (1). Default: 0.5. */
  readonly alpha?: number;
  /** β > 0: how much worse than the threshold a segment may be; and the temperature, where none is asked for. Default: 0.7. */
  readonly beta?: number;
  /** Tokens over which the threshold rises, a whole number ≥ 1. Default: 128. */
  readonly length?: number;
  /** Most rejections of a segment, a whole number ≥ 0; then the best one is taken. Default: 20. */
  readonly tries?: number;
}

export interface CardsOptions extends BaseOptions, CardsNumbers {
  readonly reward: RewardModel;
}

/** The published code's. */
const TOP_K = 40;

type Numbers = Required<CardsNumbers>;

/**
 * Cascade reward sampling (CARDS, arXiv 2406.16306): rejection sampling by segments. A segment of 4 to 64 tokens is
 * sampled from the base until the entropy of the next token reaches τ_u, where the base begins something new. With t
 * response tokens by its end it is accepted with probability min(1, exp((r − τ(t)) / β)), where r is the reward of the
 * response so far and the threshold rises, τ(t) = min(r*, r₀ + t · (r* − r₀) / n), from
 * r₀ = (1 − α) · r(prompt alone) + α · r*. After 20 rejections the best of them is taken.
 *
 * The numbers are the published code's (`seg_rs_generate`: r* = 8.5, τ_u = 3, α = 0.5, β = 0.7, top 40, n = 128 new
 * tokens, its `soft` option); its configurations sample and accept at β = 0.8. r* = 8.5 belongs to the reward model used there: set it
 * to what good answers get from yours, or all segments are rejected and each is the best of 21. Unlike that code,
 * which writes n tokens and ignores the end of text, the base may end, and segments go on at r* after n tokens; and a
 * response so far is rewarded as a reward model reads any answer, in a turn of its template that is closed, where that
 * code takes the reward at the last of the bare tokens.
 *
 * @throws CapabilityError for an engine without next tokens and their entropy, ConfigError for a number out of range
 */
export function cards({ base, baseFormat, reward, ...given }: CardsOptions): DecodingStrategy {
  const numbers = { threshold: 8.5, entropy: 3, alpha: 0.5, beta: 0.7, length: 128, tries: 20, ...given };
  checkNumbers('cards', CARDS_NUMBERS, numbers);
  return decoderStrategy(
    {
      name: 'cards',
      needs: ['base', 'reward'],
      abilities: ['nextTokens', 'entropy'],
      sampling: ['topK'],
      defaultTemperature: numbers.beta,
      prepare: ({ request }) => assertTopK(request.sampling),
      write: (response) => write(response, numbers),
    },
    { base, baseFormat, reward },
  );
}

async function* write(response: GrowingResponse, numbers: Numbers): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const search = new SegmentSearch(numbers, response, await response.reward());
  while (response.left > 0) {
    const { text, ends } = await search.next();
    yield* response.adopt(text);
    if (ends) return 'stop';
  }
  return 'length';
}

/** A segment is drawn token by token from the most likely ones, which the engine has to name. */
function assertTopK(sampling: SamplingParams | undefined): void {
  if (sampling?.topK !== 0) return;
  throw new ConfigError(
    'bad-sampling',
    `The strategy cards draws from the most likely tokens, not from all: give ${settingName('topK')} of at least 1, or leave it out for ${TOP_K}.`,
  );
}

/** Draws segments until one is accepted. */
class SegmentSearch {
  readonly #numbers: Numbers;
  readonly #response: GrowingResponse;
  readonly #sampler: SegmentSampler;
  /** r₀. */
  readonly #start: number;

  constructor(numbers: Numbers, response: GrowingResponse, promptReward: number) {
    const { alpha, threshold, entropy } = numbers;
    this.#numbers = numbers;
    this.#response = response;
    this.#start = (1 - alpha) * promptReward + alpha * threshold;
    this.#sampler = new SegmentSampler({ entropy, topK: response.request.sampling?.topK ?? TOP_K });
  }

  /** The first segment that is accepted, or the best of those that were not. */
  async next(): Promise<Segment> {
    let best: { readonly segment: Segment; readonly reward: number } | undefined;
    for (let rejections = 0; ; rejections++) {
      const segment = await this.#sampler.sample(this.#response);
      const reward = await segment.text.reward();
      if (rejections < this.#numbers.tries && this.#accepts(reward, segment)) return segment;
      if (best === undefined || reward > best.reward) best = { segment, reward };
      if (rejections >= this.#numbers.tries) return best.segment;
    }
  }

  #accepts(reward: number, { text }: Segment): boolean {
    const { threshold, beta, length } = this.#numbers;
    const bound = Math.min(this.#start + (text.written / length) * (threshold - this.#start), threshold);
    return this.#response.random() < Math.exp((reward - bound) / beta);
  }
}
