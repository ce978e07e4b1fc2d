import type { LanguageModel } from '../../src/index.ts';

/**
 * The same model, led astray: the first time that it is let write, it begins with `text`, whatever stands before, and
 * goes on from there. An adversarial prefill in the middle of a response (cf. arXiv 2406.05946).
 */
export function insertText(model: LanguageModel, text: string): LanguageModel {
  let inserted = false;
  return {
    id: model.id,
    info: model.info,
    capabilities: model.capabilities,
    encode: (prompt) => model.encode(prompt),
    decode: (tokens) => model.decode(tokens),
    score: (prefix, continuation, options) => model.score(prefix, continuation, options),
    close: () => model.close(),
    async *generate(prefix, options) {
      if (inserted) return yield* model.generate(prefix, options);
      inserted = true;
      const tokens = (await model.encode([{ text, control: false }])).slice(0, options.maxTokens);
      const scores = await model.score(prefix, tokens);
      for (const [i, bytes] of (await model.decode(tokens)).entries()) {
        yield { token: tokens[i]!, bytes, ...(options.logprobs && { logprob: scores[i]!.logprob }) };
      }
      const maxTokens = options.maxTokens - tokens.length;
      return yield* model.generate([...prefix, ...tokens], { ...options, maxTokens });
    },
  };
}
