import { toFinishReason } from '../../settings/to-finish-reason.ts';
import type { DecodeEvent, DecodeTrace, TokenEvent, Usage } from '../../core/decode-event.ts';
import type { CompletionRequest } from '../api/completion-request.ts';
import type { ChoiceEvent } from '../choices.ts';
import type { Echo } from '../text/echo-prompt.ts';
import type { ReplyHead } from './chat-stream.ts';
import { CompletionLogprobs, type CompletionToken } from './completion-logprobs.ts';
import { codePoints } from '../../core/code-points.ts';
import { logprobOf, toTokenReport, toTraceReport } from './token-reports.ts';
import { toApiUsage } from './usage.ts';

export interface CompletionParts {
  readonly request: CompletionRequest;
  readonly head: ReplyHead;
  readonly events: AsyncIterable<ChoiceEvent>;
  /** By choice, each there before the first event of its choice. */
  readonly echoes: readonly (Echo | undefined)[];
}

/** The chunks of a streamed text completion, as JSON, up to `[DONE]`. */
export async function* completionStream(parts: CompletionParts): AsyncGenerator<string, void, void> {
  const { request, head, events } = parts;
  const withUsage = request.stream_options?.include_usage ?? false;
  const chunk = (choices: readonly object[], more: object = {}) =>
    JSON.stringify({ ...head, object: 'text_completion', choices, ...(withUsage && { usage: null }), ...more });
  const usages: Usage[] = [];
  const offsets: number[] = [];
  for await (const { index, event } of events) {
    if (event.type === 'decode-end') usages[index] = event.usage;
    const part = toPart(parts, event, index, offsets[index] ?? 0);
    offsets[index] = (offsets[index] ?? 0) + codePoints(part?.choice.text ?? '');
    if (part) yield chunk([{ index, ...part.choice }], part.more);
  }
  if (withUsage) yield chunk([], { usage: toApiUsage(promptTokens(usages, request.n ?? 1), usages) });
  yield '[DONE]';
}

/** Tokens of all prompts; each has `n` choices, one after another. */
export function promptTokens(usages: readonly Usage[], n: number): number {
  return usages.filter((_, i) => i % n === 0).reduce((sum, usage) => sum + usage.promptTokens, 0);
}

/** A generated token, for the lists of logprobs. The most likely one of a greedy response is itself. */
export function addToken(
  logprobs: CompletionLogprobs,
  { request }: CompletionParts,
  token: Omit<TokenEvent, 'type'>,
): void {
  const logprob = logprobOf(token);
  const best = request.logprobs === 1 ? { [token.text]: logprob } : undefined;
  logprobs.add({ text: token.text, logprob, length: codePoints(token.text), best });
}

/**
 * The token with which the base ended an echoed text by itself. It is part of the lists, without a logprob, because
 * clients that score the prompt cut off what was generated: the last entry.
 */
export function endToken(
  { request, echoes }: CompletionParts,
  { finishReason }: Pick<DecodeTrace, 'finishReason'>,
  index: number,
): CompletionToken | undefined {
  const echo = echoes[index];
  const endedByItself = finishReason === 'stop' && request.stop === undefined;
  return echo?.logprobs && endedByItself ? { text: echo.endText, logprob: undefined, length: 0 } : undefined;
}

interface Part {
  readonly choice: { readonly text: string };
  readonly more?: object;
}

function toPart(parts: CompletionParts, event: DecodeEvent, index: number, offset: number): Part | undefined {
  const { request, echoes } = parts;
  switch (event.type) {
    case 'decode-start': {
      const echo = echoes[index];
      if (!echo) return undefined;
      return { choice: { text: echo.text, ...choiceEnd(null, echo.logprobs?.toJson()) } };
    }
    case 'token': {
      if (event.text === '' && request.logprobs === undefined && !request.token_source) return undefined;
      const logprobs = request.logprobs === undefined ? undefined : new CompletionLogprobs(request.logprobs);
      if (logprobs) addToken(logprobs, parts, event);
      return {
        choice: { text: event.text, ...choiceEnd(null, logprobs?.toJson(offset)) },
        ...(request.token_source && { more: { wellbegun: { tokens: [toTokenReport(event)] } } }),
      };
    }
    case 'model-switch':
    case 'hand-back':
      return undefined;
    case 'decode-end': {
      const logprobs = new CompletionLogprobs(request.logprobs ?? 0);
      const end = endToken(parts, event, index);
      if (end) logprobs.add(end);
      return {
        choice: { text: '', ...choiceEnd(toFinishReason(event.finishReason), end && logprobs.toJson(offset)) },
        ...(request.trace && { more: { wellbegun: { trace: toTraceReport(event.trace) } } }),
      };
    }
  }
}

function choiceEnd(finishReason: string | null, logprobs?: object) {
  return { logprobs: logprobs ?? null, finish_reason: finishReason };
}
