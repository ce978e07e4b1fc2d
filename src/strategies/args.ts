import type { DecodeRequest, DecodingStrategy } from '../core/decoding-strategy.ts';
import type { NextToken } from '../core/language-model.ts';
import { COUNT, NOT_NEGATIVE } from '../core/number-rules.ts';
import type { RewardModel } from '../core/reward-model.ts';
import { rewardsOf } from '../core/rewards-of.ts';
import { assertNextTokens, type TellingModel } from './assert-capable.ts';
import { assertSampling } from './assert-sampling.ts';
import { checkNumbers } from './check-numbers.ts';
import { draw } from './draw.ts';
import { type BaseOptions, GrowingResponse } from './growing-response.ts';

export const ARGS_NUMBERS = { k: COUNT, weight: NOT_NEGATIVE } as const;

export interface ArgsOptions extends BaseOptions {
  readonly reward: RewardModel;
  /** Next tokens that are tried, a whole number ≥ 1. Default: 10. */
  readonly k?: number;
  /** w ≥ 0: nats that a unit of reward is worth. Default: 1.5. */
  readonly weight?: number;
}

/**
 * Alignment as reward-guided search (ARGS, arXiv 2402.01694, section 2): each next token v is one of the base's k most
 * likely, with the score s(v) = LM(v | x) + w · r([x, v]), where r is the reward of the text so far with v.
 * ARGS-greedy takes the best; a request with a temperature τ takes ARGS-stochastic, which draws from softmax(s / τ).
 *
 * Defaults: k = 10, w = 1.5, the paper's main setting; the published code's own defaults (topk = 1, weight = 0) are
 * decoding without reward, its example has w = 1, and its temperature is 0.7. LM is the logit there and ln P here: they
 * differ by what all candidates share, so the choice is the same. Unlike that code, which writes on to its limit, the
 * base may end: its end token is a candidate like others, with the reward of the text as it is. A text so far is rewarded
 * as a reward model reads any answer, in a turn of its template that is closed; that code takes the reward at the last
 * of the bare tokens.
 *
 * @throws CapabilityError for an engine without next tokens, ConfigError for a number out of range
 */
export function args(options: ArgsOptions): DecodingStrategy {
  const { base, k = 10, weight = 1.5 } = options;
  checkNumbers('args', ARGS_NUMBERS, options);
  assertNextTokens('args', base);
  return { name: 'args', decode: (request) => decode({ ...options, base, k, weight }, request) };
}

async function* decode(
  options: Required<ArgsOptions> & { readonly base: TellingModel },
  request: DecodeRequest,
): ReturnType<DecodingStrategy['decode']> {
  assertSampling('args', request.sampling);
  const { base, k, reward } = options;
  const response = await GrowingResponse.open(options, request);
  const { record } = response;
  yield response.start('args', { reward: reward.id });
  const random = record.random();
  const signal = request.signal && { signal: request.signal };
  while (response.left > 0) {
    const { candidates } = await record.baseClock.time(() => base.nextTokens(response.tokens, k, signal));
    const scores = await record.scoreClock.time(() => scoresOf(candidates, response, options));
    const chosen = candidates[draw(scores, request.sampling?.temperature ?? 0, random)]!;
    if (chosen.ends) return yield* record.end('stop');
    yield* response.add('base', chosen);
    if (record.stopped) return yield* record.end('stop');
  }
  return yield* record.end('length');
}

/** All candidates are rewarded at once, so that an engine can compute them in one batch. */
async function scoresOf(
  candidates: readonly NextToken[],
  response: GrowingResponse,
  { reward, weight }: Required<ArgsOptions>,
): Promise<number[]> {
  const { messages, signal } = response.request;
  const texts = candidates.map(({ bytes, ends }) => (ends ? response.text : response.textWith([bytes])));
  const rewards = await rewardsOf(reward, messages, texts, signal && { signal });
  return candidates.map(({ logprob }, i) => logprob + weight * rewards[i]!);
}
