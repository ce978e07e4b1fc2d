import type { ChatMessage, PromptFormat } from './prompt-format.ts';
import type { RewardModel } from './reward-model.ts';
import type { SequenceScorer } from './sequence-scorer.ts';

/**
 * A model that scores texts is a reward model, once a form says how a conversation is written for it.
 *
 * @param format writes a conversation whose last message is the answer, complete
 */
export function promptedReward(scorer: SequenceScorer, format: PromptFormat): RewardModel {
  const rewards = async (
    messages: readonly ChatMessage[],
    responses: readonly string[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<number[]> => {
    signal?.throwIfAborted();
    const texts = responses.map((content) => format.format([...messages, { role: 'assistant', content }]).text);
    const sequences = await Promise.all(texts.map((text) => scorer.encode(text)));
    return scorer.scoreSequences(sequences, { signal });
  };
  return {
    id: scorer.id,
    rewards,
    reward: async (messages, response, options) => (await rewards(messages, [response], options))[0]!,
    close: () => scorer.close(),
  };
}
