import { z } from 'zod';
import { commonFields } from './fields.ts';

const MOST_PROMPTS = 128;

const tokens = z.array(z.int().gte(0)).min(1);

/** `POST /v1/completions`. */
export const completionRequest = z.strictObject({
  ...commonFields,
  prompt: z
    .union([z.string(), z.array(z.string()).min(1).max(MOST_PROMPTS), tokens, z.array(tokens).min(1).max(MOST_PROMPTS)])
    .describe("Text, token ids of the base's vocabulary, or a list of either."),
  max_tokens: z.int().gte(0).optional().describe('Most tokens of the response. Default: 16, as in the OpenAI API.'),
  echo: z
    .boolean()
    .optional()
    .describe('True: the prompt is part of the text, and scored where logprobs are asked for.'),
  logprobs: z
    .int()
    .gte(0)
    .lte(1)
    .optional()
    .describe('1: also the most likely token, of the prompt or a greedy response.'),
});

export type CompletionRequest = z.infer<typeof completionRequest>;
