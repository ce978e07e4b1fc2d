import { toFinishReason } from '../../settings/to-finish-reason.ts';
import type { DecodeTrace } from '../../core/decode-event.ts';
import type { ChatRequest } from '../api/chat-request.ts';
import type { ChoiceEvent } from '../choices.ts';
import type { ReplyHead } from './chat-stream.ts';
import { readTraces } from './read-traces.ts';
import { toChatLogprob, toTokenReport, toTraceReport } from './token-reports.ts';
import { toApiUsage } from './usage.ts';

/** A whole chat completion. */
export async function chatReply(request: ChatRequest, head: ReplyHead, events: AsyncIterable<ChoiceEvent>) {
  const traces = await readTraces(events);
  return {
    ...head,
    object: 'chat.completion',
    choices: traces.map((trace, index) => toChoice(request, trace, index)),
    usage: toApiUsage(
      traces[0]?.usage.promptTokens ?? 0,
      traces.map(({ usage }) => usage),
    ),
  };
}

function toChoice(request: ChatRequest, trace: DecodeTrace, index: number) {
  return {
    index,
    message: { role: 'assistant', content: trace.text, refusal: null },
    logprobs: request.logprobs ? { content: trace.tokens.map(toChatLogprob), refusal: null } : null,
    finish_reason: toFinishReason(trace.finishReason),
    ...((request.trace || request.token_source) && {
      wellbegun: {
        ...(request.token_source && { tokens: trace.tokens.map(toTokenReport) }),
        ...(request.trace && { trace: toTraceReport(trace) }),
      },
    }),
  };
}
