import type { Usage } from '../../core/decode-event.ts';

/** OpenAI's counts, all in the base's vocabulary, and wellbegun's own beside them. */
export interface ApiUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly wellbegun: {
    /** All that the draft wrote, in its own vocabulary. */
    readonly draft_tokens: number;
    readonly kept_draft_tokens: number;
    readonly base_tokens: number;
  };
}

/** @param promptTokens of all prompts of the request; the choices of one prompt share it */
export function toApiUsage(promptTokens: number, choices: readonly Usage[]): ApiUsage {
  const total = (key: 'draftTokens' | 'keptDraftTokens' | 'baseTokens') =>
    choices.reduce((sum, usage) => sum + usage[key], 0);
  const completion = total('keptDraftTokens') + total('baseTokens');
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
    wellbegun: {
      draft_tokens: total('draftTokens'),
      kept_draft_tokens: total('keptDraftTokens'),
      base_tokens: total('baseTokens'),
    },
  };
}
