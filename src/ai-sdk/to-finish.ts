import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { FinishReason } from '../core/language-model.ts';
import type { DecodeTrace } from '../core/decode-event.ts';

const UNIFIED = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  loop: 'other',
} as const satisfies Record<FinishReason, string>;

interface Finish {
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
}

/** How a response ended and what it took. Output tokens are those of the response, not those that were drafted. */
export function toFinish({ finishReason, usage }: Pick<DecodeTrace, 'finishReason' | 'usage'>): Finish {
  const written = usage.keptDraftTokens + usage.baseTokens;
  return {
    finishReason: { unified: UNIFIED[finishReason], raw: finishReason },
    usage: {
      inputTokens: { total: usage.promptTokens, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: written, text: written, reasoning: undefined },
      raw: { ...usage },
    },
  };
}
