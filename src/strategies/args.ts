import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason } from '../core/language-model.ts';
import { COUNT, NOT_NEGATIVE } from '../core/number-rules.ts';
import type { RewardModel } from '../core/reward-model.ts';
import type { BaseOptions } from './base-options.ts';
import { checkNumbers } from './check-numbers.ts';

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
export function args({ base, baseFormat, reward, ...numbers }: ArgsOptions): DecodingStrategy {
  checkNumbers('args', ARGS_NUMBERS, numbers);
  const { k = 10, weight = 1.5 } = numbers;
  return decoderStrategy(
    {
      name: 'args',
      needs: ['base', 'reward'],
      abilities: ['nextTokens'],
      sampling: [],
      write: (response) => write(response, k, weight),
    },
    { base, baseFormat, reward },
  );
}

async function* write(
  response: GrowingResponse,
  k: number,
  weight: number,
): AsyncGenerator<DecodeEvent, FinishReason, void> {
  while (response.left > 0) {
    const { candidates } = await response.nextTokens(k);
    const texts = candidates.map(({ bytes, ends }) => (ends ? response.text : response.textWith([bytes])));
    // All candidates are rewarded at once, so that an engine can compute them in one batch.
    const rewards = await response.rewards(texts);
    const chosen = candidates[response.draw(candidates.map(({ logprob }, i) => logprob + weight * rewards[i]!))]!;
    if (chosen.ends) return 'stop';
    yield* response.add(chosen);
  }
  return 'length';
}
