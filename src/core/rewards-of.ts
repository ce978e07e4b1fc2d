import type { ChatMessage } from './prompt-format.ts';
import type { RewardModel } from './reward-model.ts';
import { wholeAnswer } from './whole-answer.ts';

/**
 * The rewards of several responses, in order: in one go where the model can, at the same time where not. Of a
 * conversation that ends with the beginning of its answer, beginning and response together are the answer that is
 * rewarded.
 */
export function rewardsOf(
  model: RewardModel,
  messages: readonly ChatMessage[],
  responses: readonly string[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<number[]> {
  const { asked } = wholeAnswer(messages, '');
  const answers = responses.map((response) => wholeAnswer(messages, response).answer);
  if (model.rewards) return model.rewards(asked, answers, options);
  return Promise.all(answers.map((answer) => model.reward(asked, answer, options)));
}

/** The reward of one response, likewise. */
export async function rewardOf(
  model: RewardModel,
  messages: readonly ChatMessage[],
  response: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  return (await rewardsOf(model, messages, [response], options))[0]!;
}
