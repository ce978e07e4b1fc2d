import type { LanguageModel, PromptFormat, RewardModel } from '../../src/index.ts';

/** Tokens of the end of a response that are looked at. */
const WINDOW = 16;

/**
 * A simple reward that is real: how likely the aligned model itself finds the end of the response, as the mean ln P of
 * its last 16 tokens in its own chat form. No substitute for a trained reward model: it knows what the aligned model
 * would not say, not what is good.
 */
export function alignedLikelihood(model: LanguageModel, format: PromptFormat): RewardModel {
  return {
    id: `likelihood-${model.id}`,
    async reward(messages, response, { signal } = {}) {
      const prompt = format.format(messages).text;
      const prefix = await model.encode(prompt);
      const all = await model.encode([...prompt, { text: response, control: false }]);
      const start = Math.max(prefix.length, all.length - WINDOW);
      const scores = await model.score(all.slice(0, start), all.slice(start), signal && { signal });
      if (scores.length === 0) return 0;
      return scores.reduce((sum, { logprob }) => sum + Math.max(logprob, -30), 0) / scores.length;
    },
    close: () => model.close(),
  };
}
