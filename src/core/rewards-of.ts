import type { ChatMessage } from './prompt-format.ts';
import type { RewardModel } from './reward-model.ts';

/** The rewards of several responses, in order: in one go where the model can, at the same time where not. */
export function rewardsOf(
  model: RewardModel,
  messages: readonly ChatMessage[],
  responses: readonly string[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<number[]> {
  if (model.rewards) return model.rewards(messages, responses, options);
  return Promise.all(responses.map((response) => model.reward(messages, response, options)));
}
