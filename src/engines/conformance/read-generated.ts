import type {
  FinishReason,
  GeneratedToken,
  GenerateOptions,
  LanguageModel,
  TokenId,
} from '../../core/language-model.ts';

export interface Generated {
  readonly tokens: readonly GeneratedToken[];
  readonly end: FinishReason;
}

/** Generates to the end. Greedy unless the options say otherwise. */
export async function readGenerated(
  model: LanguageModel,
  prefix: readonly TokenId[],
  options: Partial<GenerateOptions> = {},
): Promise<Generated> {
  const generation = model.generate(prefix, { temperature: 0, maxTokens: 8, ...options });
  const tokens: GeneratedToken[] = [];
  for (;;) {
    const next = await generation.next();
    if (next.done) return { tokens, end: next.value };
    tokens.push(next.value);
  }
}
