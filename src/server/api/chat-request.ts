import { z } from 'zod';
import { commonFields } from './fields.ts';

const textPart = z.strictObject({
  type: z.literal('text', { error: ({ input }) => notText(input) }),
  text: z.string(),
  cache_control: z.unknown().optional().describe('Of other services; prompts are kept here anyway.'),
});

const content = z.union([z.string(), z.array(textPart)]).describe('Text; images and sound are not supported.');

/** Fields of an answer that OpenAI's services gave, where there is nothing in them. */
const nothing = z.union([z.null(), z.literal(''), z.array(z.unknown()).max(0)]).optional();

const message = z.strictObject({
  role: z.enum(['system', 'developer', 'user', 'assistant']).describe('developer is another word for system.'),
  content: content.nullable(),
  name: z.string().nullish().describe('Not shown to the models.'),
  refusal: nothing,
  tool_calls: nothing,
  function_call: nothing,
  annotations: nothing,
  audio: nothing,
  reasoning_content: nothing,
});

/** `POST /v1/chat/completions`. */
export const chatRequest = z.strictObject({
  ...commonFields,
  messages: z.array(message).min(1).describe('A last one from the assistant is the beginning of the answer.'),
  max_tokens: z.int().gte(1).optional().describe('Most tokens of the response, the drafted ones included.'),
  max_completion_tokens: z.int().gte(1).optional().describe('The newer name of max_tokens.'),
  logprobs: z.boolean().optional().describe('ln P of each token by the base; by the draft where it writes alone.'),
});

export type ChatRequest = z.infer<typeof chatRequest>;
export type RequestMessage = z.infer<typeof message>;

function notText(type: unknown): string {
  const what = /image/i.test(String(type)) ? 'an image' : 'this part';
  return `${what} can't be read by these models: send parts of type "text" only`;
}
