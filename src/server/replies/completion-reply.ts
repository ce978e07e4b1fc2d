import { toFinishReason } from '../../settings/to-finish-reason.ts';
import type { DecodeTrace } from '../../core/decode-event.ts';
import { CompletionLogprobs } from './completion-logprobs.ts';
import { addToken, type CompletionParts, endToken, promptTokens } from './completion-stream.ts';
import { readTraces } from './read-traces.ts';
import { toTokenReport, toTraceReport } from './token-reports.ts';
import { toApiUsage } from './usage.ts';

/** A whole text completion. */
export async function completionReply(parts: CompletionParts) {
  const { request, head, events } = parts;
  const traces = await readTraces(events);
  const usages = traces.map(({ usage }) => usage);
  return {
    ...head,
    object: 'text_completion',
    choices: traces.map((trace, index) => toChoice(parts, trace, index)),
    usage: toApiUsage(promptTokens(usages, request.n ?? 1), usages),
  };
}

function toChoice(parts: CompletionParts, trace: DecodeTrace, index: number) {
  const { request, echoes } = parts;
  const echo = echoes[index];
  return {
    index,
    text: (echo?.text ?? '') + trace.text,
    logprobs: logprobsOf(parts, trace, index),
    finish_reason: toFinishReason(trace.finishReason),
    ...((request.trace || request.token_source) && {
      wellbegun: {
        ...(request.token_source && { tokens: trace.tokens.map(toTokenReport) }),
        ...(request.trace && { trace: toTraceReport(trace) }),
      },
    }),
  };
}

function logprobsOf(parts: CompletionParts, trace: DecodeTrace, index: number) {
  const { request, echoes } = parts;
  if (request.logprobs === undefined) return null;
  const generated = new CompletionLogprobs(request.logprobs);
  for (const token of trace.tokens) addToken(generated, parts, token);
  const end = endToken(parts, trace, index);
  if (end) generated.add(end);
  const prompt = echoes[index]?.logprobs;
  return (prompt?.concat(generated) ?? generated).toJson();
}
