import { z } from 'zod';
import { clientMessage } from '../../settings/client-message.ts';
import { commonFields } from './fields.ts';

/** `POST /v1/chat/completions`. */
export const chatRequest = z.strictObject({
  ...commonFields,
  messages: z.array(clientMessage).min(1).describe('A last one from the assistant is the beginning of the answer.'),
  max_tokens: z.int().gte(1).optional().describe('Most tokens of the response, the drafted ones included.'),
  max_completion_tokens: z.int().gte(1).optional().describe('The newer name of max_tokens.'),
  logprobs: z.boolean().optional().describe('ln P of each token by the base; by the draft where it writes alone.'),
});

export type ChatRequest = z.infer<typeof chatRequest>;
