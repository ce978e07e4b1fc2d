import type { GenerateOptions } from '../../core/language-model.ts';

/** All of them, for what is left out comes from the model's own generation_config.json. */
export function vllmSampling({ temperature, topP = 1, topK = 0, minP = 0, seed, maxTokens }: GenerateOptions) {
  return {
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    top_k: topK === 0 ? -1 : topK,
    min_p: minP,
    repetition_penalty: 1,
    ...(seed !== undefined && { seed }),
  };
}
