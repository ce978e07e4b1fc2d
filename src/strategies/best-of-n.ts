import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason } from '../core/language-model.ts';
import { COUNT, POSITIVE } from '../core/number-rules.ts';
import type { RewardModel } from '../core/reward-model.ts';
import type { BaseOptions } from './base-options.ts';
import { checkNumbers } from './check-numbers.ts';

export const BEST_OF_N_NUMBERS = { n: COUNT, temperature: POSITIVE } as const;

export interface BestOfNOptions extends BaseOptions {
  readonly reward: RewardModel;
  /** Samples, a whole number ≥ 1. Default: 4. */
  readonly n?: number;
  /** Temperature of the samples where the request has none, above 0. Default: 1. */
  readonly temperature?: number;
}

/**
 * Best of n: n samples of the base, and the one with the greatest reward, argmax_i r(x, y_i) with y_i ~ base(· | x);
 * the first of equals. The samples are written at the same time, by an engine that can in one batch, and share the
 * prompt. Nothing streams before all of them are there.
 *
 * Older than any one paper of it; WebGPT (arXiv 2112.09332) takes the best of 4, 16 or 64 by the size of its model, so
 * n has no standard value: 4 is ours, for small machines (a function of the CARDS code has 10, its configurations 5). The
 * temperature is ours too: a request at 0 is sampled at 1, the base's plain distribution, for greedy samples would all be
 * the same. With a seed each sample has a stream of draws of its own, which no other choice of the request shares.
 *
 * @throws ConfigError for a number out of range
 */
export function bestOfN({ base, baseFormat, reward, ...numbers }: BestOfNOptions): DecodingStrategy {
  checkNumbers('best-of-n', BEST_OF_N_NUMBERS, numbers);
  const { n = 4, temperature = 1 } = numbers;
  return decoderStrategy(
    {
      name: 'best-of-n',
      needs: ['base', 'reward'],
      defaultTemperature: temperature,
      textsAtOnce: n,
      write: (response) => write(response, n),
    },
    { base, baseFormat, reward },
  );
}

async function* write(response: GrowingResponse, n: number): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const samples = await response.samples(n);
  const rewards = await response.rewards(samples.map((sample) => sample.response.shown));
  const best = rewards.reduce((winner, reward, i) => (reward > rewards[winner]! ? i : winner), 0);
  yield* response.adopt(samples[best]!.response);
  return samples[best]!.finish;
}
