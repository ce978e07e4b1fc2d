import { settingName } from '../core/setting-name.ts';
import type { DecodeRequest, DecodingStrategy } from '../core/decoding-strategy.ts';
import { ConfigError } from '../core/errors.ts';
import type { SamplingParams } from '../core/language-model.ts';
import { COUNT, COUNT_OR_NONE, FINITE, NOT_NEGATIVE, POSITIVE, SHARE } from '../core/number-rules.ts';
import type { RewardModel } from '../core/reward-model.ts';
import { rewardOf } from '../core/rewards-of.ts';
import { assertEntropy, assertNextTokens, type TellingModel } from './assert-capable.ts';
import { assertSampling } from './assert-sampling.ts';
import { checkNumbers } from './check-numbers.ts';
import { type BaseOptions, GrowingResponse } from './growing-response.ts';
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

type Settings = Required<CardsOptions> & { readonly base: TellingModel };

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
export function cards(options: CardsOptions): DecodingStrategy {
  const { base } = options;
  const settings = { threshold: 8.5, entropy: 3, alpha: 0.5, beta: 0.7, length: 128, tries: 20, ...options };
  checkNumbers('cards', CARDS_NUMBERS, settings);
  assertNextTokens('cards', base);
  assertEntropy('cards', base);
  return { name: 'cards', decode: (request) => decode({ ...settings, base }, request) };
}

async function* decode(settings: Settings, request: DecodeRequest): ReturnType<DecodingStrategy['decode']> {
  assertSampling('cards', request.sampling, ['topK']);
  assertTopK(request.sampling);
  const response = await GrowingResponse.open(settings, request);
  const { record } = response;
  record.discardedTokens = 0;
  yield response.start('cards', { reward: settings.reward.id });
  const search = new SegmentSearch(settings, response, await rewardWith(settings, response, []));
  while (response.left > 0) {
    const { tokens, ends } = await search.next();
    for (const token of tokens) {
      yield* response.add('base', token);
      if (record.stopped) return yield* record.end('stop');
    }
    if (ends) return yield* record.end('stop');
  }
  return yield* record.end('length');
}

/** A segment is drawn token by token from the most likely ones, which the engine has to name. */
function assertTopK(sampling: SamplingParams | undefined): void {
  if (sampling?.topK !== 0) return;
  throw new ConfigError(
    'bad-sampling',
    `The strategy cards draws from the most likely tokens, not from all: give ${settingName('topK')} of at least 1, or leave it out for ${TOP_K}.`,
  );
}

class SegmentSearch {
  readonly #settings: Settings;
  readonly #response: GrowingResponse;
  readonly #sampler: SegmentSampler;
  readonly #random: () => number;
  /** r₀. */
  readonly #start: number;

  constructor(settings: Settings, response: GrowingResponse, promptReward: number) {
    const { alpha, threshold, beta, entropy } = settings;
    const { sampling } = response.request;
    this.#settings = settings;
    this.#response = response;
    this.#random = response.record.random();
    this.#start = (1 - alpha) * promptReward + alpha * threshold;
    const temperature = sampling?.temperature ? sampling.temperature : beta;
    const topK = sampling?.topK ?? TOP_K;
    this.#sampler = new SegmentSampler(settings.base, { entropy, temperature, topK, random: this.#random });
  }

  /** The first segment that is accepted, or the best of those that were not. */
  async next(): Promise<Segment> {
    const { record } = this.#response;
    let best: { readonly segment: Segment; readonly reward: number } | undefined;
    let sampled = 0;
    for (let rejections = 0; ; rejections++) {
      const segment = await record.baseClock.time(() => this.#sampler.sample(this.#response));
      const reward = await record.scoreClock.time(() => rewardWith(this.#settings, this.#response, segment.tokens));
      sampled += segment.tokens.length;
      const isBest = best === undefined || reward > best.reward;
      if (isBest) best = { segment, reward };
      const isLast = rejections >= this.#settings.tries;
      if (!isLast && !this.#accepts(reward, segment)) continue;
      const chosen = isLast ? best!.segment : segment;
      record.discardedTokens! += sampled - chosen.tokens.length;
      return chosen;
    }
  }

  #accepts(reward: number, { tokens }: Segment): boolean {
    const { threshold, beta, length } = this.#settings;
    const share = (this.#response.written + tokens.length) / length;
    const bound = Math.min(this.#start + share * (threshold - this.#start), threshold);
    return this.#random() < Math.exp((reward - bound) / beta);
  }
}

function rewardWith({ reward }: Settings, response: GrowingResponse, tokens: Segment['tokens']): Promise<number> {
  const { messages, signal } = response.request;
  return rewardOf(reward, messages, response.textWith(tokens.map(({ bytes }) => bytes)), signal && { signal });
}
