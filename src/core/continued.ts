import type { ChatMessage } from './prompt-format.ts';

/** The conversation with the beginning of its answer, which may have one already. */
export function continued(messages: readonly ChatMessage[], response: string): ChatMessage[] {
  if (response === '') return [...messages];
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [...messages, { role: 'assistant', content: response }];
  return [...messages.slice(0, -1), { role: 'assistant', content: last.content + response }];
}
