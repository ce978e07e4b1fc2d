import type { ChatMessage } from '../core/prompt-format.ts';
import { readMessages } from '../settings/read-messages.ts';
import type { DecodeOptions } from './decode-options.ts';

/** What is answered: the messages, or the prompt as one, after the system message. */
export function conversationOf({ prompt, messages, system }: DecodeOptions): ChatMessage[] {
  const turns = messages ? readMessages(messages) : [{ role: 'user' as const, content: prompt ?? '' }];
  return system === undefined ? [...turns] : [{ role: 'system', content: system }, ...turns];
}
