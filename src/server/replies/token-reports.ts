import type { DecodeTrace, TokenEvent } from '../../core/decode-event.ts';
import { CapabilityError } from '../../core/errors.ts';

/** JSON has no -Infinity; this stands for it in OpenAI's API. */
const IMPOSSIBLE = -9999;

type Token = Omit<TokenEvent, 'type'>;

/** `logprobs.content[i]` of a chat completion. */
export function toChatLogprob(token: Token) {
  return {
    token: token.text,
    logprob: logprobOf(token),
    bytes: [...new TextEncoder().encode(token.text)],
    top_logprobs: [],
  };
}

/** @throws CapabilityError where the strategy gives none */
export function logprobOf({ logprob }: Pick<Token, 'logprob'>): number {
  if (logprob === undefined) {
    throw new CapabilityError('no-logprobs', 'This model gives no logprobs: leave them out.');
  }
  return Math.max(logprob, IMPOSSIBLE);
}

/** `wellbegun.tokens[i]` of a chunk: who wrote it, and what the base thinks of it. */
export function toTokenReport({ id, text, source, logprob, window }: Token) {
  return {
    id: id ?? null,
    text,
    source,
    logprob: logprob === undefined ? null : Math.max(logprob, IMPOSSIBLE),
    window: window ?? null,
  };
}

/** `wellbegun.trace` of a choice. */
export function toTraceReport(trace: DecodeTrace) {
  return {
    strategy: trace.strategy,
    models: { base: trace.models.base ?? null, draft: trace.models.draft ?? null },
    switch: trace.switch
      ? {
          index: trace.switch.index,
          reason: trace.switch.reason,
          draft_tokens: trace.switch.draftTokens,
        }
      : null,
    finish_reason: trace.finishReason,
    tokens: trace.tokens.map(toTokenReport),
    timings: {
      first_token_ms: trace.timings.firstTokenMs ?? null,
      draft_ms: trace.timings.draftMs,
      score_ms: trace.timings.scoreMs,
      base_ms: trace.timings.baseMs,
      total_ms: trace.timings.totalMs,
    },
  };
}
