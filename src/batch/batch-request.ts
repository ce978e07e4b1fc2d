import type { DecodeTrace } from '../core/decode-trace.ts';
import type { SamplingParams } from '../core/language-model.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import type { Failure } from '../recording/failure.ts';

/** What one line asks for; what it leaves open is the command's to say. */
export interface BatchRequest {
  readonly messages: readonly ChatMessage[];
  readonly sampling?: Partial<SamplingParams>;
  /** Most tokens of the whole response, the drafted ones among them. */
  readonly maxResponseTokens?: number;
  readonly stop?: readonly string[];
  /** What a base that only continues text sees in place of its form of `messages`, byte for byte, after BOS. */
  readonly basePrompt?: string;
  /** What the user says after each answer: the conversation goes on with it. */
  readonly followUps?: readonly string[];
}

/** The conversation with an answer, and what the user says after it. */
export function nextTurn(messages: readonly ChatMessage[], answer: string, followUp: string): readonly ChatMessage[] {
  return [...messages, { role: 'assistant', content: answer }, { role: 'user', content: followUp }];
}

/** The response to a request, and those to what the user says after it, in this order. */
export interface Answered extends DecodeTrace {
  readonly followUps?: readonly DecodeTrace[];
}

/** How a line is written, and so how its result is: `plain` for the project's and the authors' form. */
export type LineForm = 'plain' | 'chat' | 'completions';

/** One line as it was understood, or why it was not. */
export interface BatchLine {
  /** 1-based, blank lines counted. */
  readonly line: number;
  readonly form: LineForm;
  /** The line's own name: `custom_id`, `id`, or the authors' `meta`. */
  readonly id?: string | number;
  readonly request: BatchRequest | Failure;
}

/** Answers one request. @throws AbortError when the signal aborts; what else it throws is that line's failure */
export type Answer = (request: BatchRequest, signal: AbortSignal) => Promise<Answered>;
