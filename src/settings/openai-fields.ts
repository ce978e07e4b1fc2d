import { z } from 'zod';

const name = z.string().max(1000);

/** Fields of OpenAI's requests that change no response: who asks, and how a service keeps account of it. */
export const WITHOUT_EFFECT = {
  user: name.optional().describe('Written to the log of the request.'),
  metadata: z.record(z.string(), z.unknown()).optional().describe('Not kept.'),
  store: z.boolean().optional().describe('Nothing is stored.'),
  service_tier: name.optional().describe('There is one.'),
  safety_identifier: name.optional(),
  prompt_cache_key: name.optional(),
  prompt_cache_retention: name.optional(),
  verbosity: z.enum(['low', 'medium', 'high']).optional().describe('A hint for models that know it; none here does.'),
};

/** Fields of what is not done here: only the values that ask for nothing are taken. */
export const ASKING_NOTHING = {
  frequency_penalty: z.literal(0).optional(),
  presence_penalty: z.literal(0).optional(),
  logit_bias: z.strictObject({}).optional(),
  tools: z.array(z.unknown()).max(0).optional(),
  tool_choice: z.enum(['none', 'auto']).optional(),
  parallel_tool_calls: z.boolean().optional(),
  functions: z.array(z.unknown()).max(0).optional(),
  function_call: z.enum(['none', 'auto']).optional(),
  response_format: z.strictObject({ type: z.literal('text') }).optional(),
  modalities: z.array(z.literal('text')).optional(),
  top_logprobs: z.literal(0).optional(),
  best_of: z.literal(1).optional(),
  suffix: z.literal('').optional(),
};
