import type { ChatMessage } from './prompt-format.ts';

/** What the user said last, which is to be answered; undefined where the user said nothing. */
export function lastQuestion(messages: readonly ChatMessage[]): string | undefined {
  return messages.findLast(({ role }) => role === 'user')?.content;
}
