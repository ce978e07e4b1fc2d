import { toFinishReason } from '../../settings/to-finish-reason.ts';
import type { DecodeEvent, Usage } from '../../core/decode-event.ts';
import type { ChatRequest } from '../api/chat-request.ts';
import type { ChoiceEvent } from '../choices.ts';
import { toChatLogprob, toTokenReport, toTraceReport } from './token-reports.ts';
import { toApiUsage } from './usage.ts';

export interface ReplyHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** The chunks of a streamed chat completion, as JSON, up to `[DONE]`. */
export async function* chatStream(
  request: ChatRequest,
  head: ReplyHead,
  events: AsyncIterable<ChoiceEvent>,
): AsyncGenerator<string, void, void> {
  const withUsage = request.stream_options?.include_usage ?? false;
  const chunk = (choices: readonly object[], more: object = {}) =>
    JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...(withUsage && { usage: null }), ...more });
  const usages: Usage[] = [];
  for await (const { index, event } of events) {
    if (event.type === 'decode-end') usages.push(event.usage);
    const part = toPart(request, event);
    if (part) yield chunk([{ index, ...part.choice }], part.more);
  }
  if (withUsage) yield chunk([], { usage: toApiUsage(usages[0]?.promptTokens ?? 0, usages) });
  yield '[DONE]';
}

function toPart(request: ChatRequest, event: DecodeEvent): { choice: object; more?: object } | undefined {
  switch (event.type) {
    case 'decode-start':
      return { choice: { delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null } };
    case 'token': {
      // A token may have no text of its own: half a character, or the beginning of what was no stop string.
      if (event.text === '' && !request.logprobs && !request.token_source) return undefined;
      const logprobs = request.logprobs ? { content: [toChatLogprob(event)], refusal: null } : null;
      return {
        choice: { delta: { content: event.text }, logprobs, finish_reason: null },
        ...(request.token_source && { more: { wellbegun: { tokens: [toTokenReport(event)] } } }),
      };
    }
    case 'model-switch':
    case 'hand-back':
      return undefined;
    case 'decode-end':
      return {
        choice: { delta: {}, logprobs: null, finish_reason: toFinishReason(event.finishReason) },
        ...(request.trace && { more: { wellbegun: { trace: toTraceReport(event.trace) } } }),
      };
  }
}
