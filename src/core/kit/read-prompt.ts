import type { LanguageModel, TokenId } from '../language-model.ts';

/** So that several who write after the same tokens find them computed, and don't each begin with them. */
export async function readPrompt(base: LanguageModel, tokens: readonly TokenId[], signal: AbortSignal): Promise<void> {
  if (!base.capabilities.prefixReuse || tokens.length <= 1) return;
  await base.score(tokens.slice(0, -1), tokens.slice(-1), { signal });
}
