import { z } from 'zod';
import type { ChatMessage } from '../core/prompt-format.ts';

const part = {
  type: z.literal('text', { error: ({ input }) => notText(input) }),
  text: z.string(),
  cache_control: z.unknown().optional().describe('Of other services; prompts are kept here anyway.'),
};

/** Fields of an answer that OpenAI's services gave, where there is nothing in them. */
const nothing = z.union([z.null(), z.literal(''), z.array(z.unknown()).max(0)]).optional();

const role = z.enum(['system', 'developer', 'user', 'assistant']).describe('developer is another word for system.');

const unread = {
  refusal: nothing,
  tool_calls: nothing,
  function_call: nothing,
  annotations: nothing,
  audio: nothing,
  reasoning_content: nothing,
};

/** A message as clients of OpenAI's API write it, and nothing else. */
export const clientMessage = z.strictObject({
  role,
  content: contentOf(z.strictObject(part)).nullable(),
  name: z.string().nullish().describe('Not shown to the models.'),
  ...unread,
});

/** The same in a file, where messages may have columns of their own; what a model would have to be shown is none of them. */
export const writtenMessage = z.object({
  role,
  content: contentOf(z.object(part)).nullable(),
  images: nothing,
  tool_call_id: nothing,
  ...unread,
});

/** The message as models get it: `developer` is OpenAI's newer word for `system`, and parts have nothing between them. */
export function plainMessage({ role, content }: z.infer<typeof writtenMessage>): ChatMessage {
  return {
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join(''),
  };
}

function contentOf<T extends z.ZodType>(textPart: T) {
  return z.union([z.string(), z.array(textPart)]).describe('Text; images and sound are not supported.');
}

function notText(type: unknown): string {
  const what = /image/i.test(String(type)) ? 'an image' : 'this part';
  return `${what} can't be read by these models: send parts of type "text" only`;
}
