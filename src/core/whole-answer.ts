import type { ChatMessage } from './prompt-format.ts';

/** A conversation up to its last question, and the answer to it. */
export interface AnsweredConversation {
  readonly asked: readonly ChatMessage[];
  readonly answer: string;
}

/** The whole answer, where the conversation ends with the beginning of it. */
export function wholeAnswer(messages: readonly ChatMessage[], response: string): AnsweredConversation {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return { asked: messages, answer: response };
  return { asked: messages.slice(0, -1), answer: last.content + response };
}
