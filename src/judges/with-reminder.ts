import type { ChatMessage } from '../core/prompt-format.ts';
import type { JudgeQuestion } from './judge.ts';

/** What a judge is asked after a reply without a verdict. */
export function withReminder(
  messages: readonly ChatMessage[],
  reply: string,
  { reminder }: JudgeQuestion,
): readonly ChatMessage[] {
  return [...messages, { role: 'assistant', content: reply }, { role: 'user', content: reminder }];
}
