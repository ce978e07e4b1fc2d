import { z } from 'zod';
import { lastQuestion } from '../core/last-question.ts';
import { plainMessage } from '../core/plain-message.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import { LineFault } from './line-fault.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });

const message = z.object({
  // OpenAI's newer name of a system message.
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([z.string(), z.array(textPart)]),
});

const list = z.array(z.unknown()).min(1);

/** The conversation in a line's field. @throws LineFault that names the field and what is wrong */
export function parseMessages(value: unknown, field: string): ChatMessage[] {
  const parsed = list.safeParse(value);
  if (!parsed.success) throw new LineFault('bad-messages', `"${field}" must be a list of messages that is not empty.`);
  return checkMessages(parsed.data.map((item, index) => parseMessage(item, `${field}[${index}]`)));
}

/** Parts of a conversation that no model here is shown. */
const UNREAD = ['images', 'audio', 'tool_calls', 'function_call', 'tool_call_id', 'reasoning_content', 'refusal'];

function parseMessage(value: unknown, place: string): ChatMessage {
  const unread = UNREAD.find((name) => isFilled(value, name));
  if (unread !== undefined) {
    throw new LineFault(
      'unsupported-field',
      `"${place}.${unread}" holds what no model here is shown: leave it out, or put its text into "content".`,
    );
  }
  const parsed = message.safeParse(value);
  if (!parsed.success) {
    throw new LineFault(
      'bad-messages',
      `"${place}" must be {"role": "system" | "user" | "assistant", "content": text}; pictures and tools are not supported.`,
    );
  }
  return plainMessage(parsed.data);
}

/** Whether a message has a field with something in it; many write empty ones. */
function isFilled(message: unknown, name: string): boolean {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, name)) return false;
  const value = (message as Readonly<Record<string, unknown>>)[name];
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== '';
}

/** @throws LineFault where nothing is asked, or the conversation ends with a system message */
export function checkMessages(messages: ChatMessage[]): ChatMessage[] {
  if (!lastQuestion(messages)?.trim()) {
    throw new LineFault('empty-prompt', 'The prompt is empty: the last message of the user must say what to answer.');
  }
  if (messages.at(-1)!.role === 'system') {
    throw new LineFault('bad-messages', 'The last message must be from the user, or the beginning of an answer.');
  }
  return messages;
}
