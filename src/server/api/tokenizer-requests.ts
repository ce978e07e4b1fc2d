import { z } from 'zod';

const model = z.string().min(1).optional().describe('A base of GET /v1/models. Default: the only one that is served.');

/** `POST /tokenize`. */
export const tokenizeRequest = z.strictObject({
  model,
  prompt: z
    .string()
    .describe('Plain text, in which no control token is recognised; or nothing but the text of one control token.'),
  add_special_tokens: z.boolean().optional().describe('True, the default: begin with the token that begins a text.'),
});

/** `POST /detokenize`. */
export const detokenizeRequest = z.strictObject({ model, tokens: z.array(z.int().gte(0)) });
