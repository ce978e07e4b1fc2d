import { randomUUID } from 'node:crypto';
import { toFinishReason } from '../settings/to-finish-reason.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import { type Failure, isFailure } from '../recording/failure.ts';
import { type Answered, type BatchLine, type BatchRequest, nextTurn } from './batch-request.ts';

/** What a plain line says of a response: an object of the caller's, such as that of `run --json`. */
export type ToRecord = (trace: DecodeTrace, request: BatchRequest) => object;

/** Names the input's line in OpenAI's form, which has no other place for it. */
const ID_PREFIX = 'batch_req_';

/** The line of the output for a response, or for a failure: in the form of its request, without a line end. */
export function resultLine(line: BatchLine, outcome: Answered | Failure, toRecord: ToRecord): string {
  const failure = isFailure(outcome) ? { code: outcome.code, message: outcome.message } : undefined;
  const trace = isFailure(outcome) ? undefined : outcome;
  if (line.form === 'plain') {
    const { line: number, id } = line;
    const result = trace ? recordOf(trace, line.request as BatchRequest, toRecord) : { error: failure };
    return JSON.stringify({ line: number, ...(id !== undefined && { id }), ...result });
  }
  const response = trace && { status_code: 200, request_id: randomUUID(), body: responseBody(trace, line.form) };
  const id = `${ID_PREFIX}${line.line}`;
  return JSON.stringify({ id, custom_id: line.id ?? null, response: response ?? null, error: failure ?? null });
}

function recordOf(answered: Answered, request: BatchRequest, toRecord: ToRecord): object {
  const { followUps } = answered;
  if (!followUps) return toRecord(answered, request);
  const turns: object[] = [];
  let [asked, last]: [BatchRequest, DecodeTrace] = [request, answered];
  for (const [index, trace] of followUps.entries()) {
    asked = { ...asked, messages: nextTurn(asked.messages, last.text, request.followUps![index]!) };
    turns.push(toRecord(trace, asked));
    last = trace;
  }
  return { ...toRecord(answered, request), followUps: turns };
}

/** What a line of the output says of its place. */
export interface ResultPlace {
  /** Of the input. */
  readonly line: number;
  readonly hasFailed: boolean;
}

/** Undefined for a text that is no line of an output. */
export function readResultLine(text: string): ResultPlace | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { line, id, error } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isOurs = typeof id === 'string' && id.startsWith(ID_PREFIX);
  const number = line ?? (isOurs ? Number(id.slice(ID_PREFIX.length)) : undefined);
  if (!Number.isSafeInteger(number) || (number as number) < 1) return undefined;
  return { line: number as number, hasFailed: error !== undefined && error !== null };
}

function responseBody(trace: DecodeTrace, form: 'chat' | 'completions'): object {
  const { text, finishReason, usage } = trace;
  const end = { logprobs: null, finish_reason: toFinishReason(finishReason) };
  const isChat = form === 'chat';
  return {
    id: `${isChat ? 'chatcmpl' : 'cmpl'}-${randomUUID()}`,
    object: isChat ? 'chat.completion' : 'text_completion',
    created: Math.floor(Date.now() / 1000),
    model: [trace.models.draft, trace.models.base].filter((model) => model !== undefined).join('+'),
    choices: [
      isChat
        ? { index: 0, message: { role: 'assistant', content: text, refusal: null }, ...end }
        : { index: 0, text, ...end },
    ],
    usage: {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.keptDraftTokens + usage.baseTokens,
      total_tokens: usage.totalTokens,
    },
  };
}
