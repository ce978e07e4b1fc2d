import { z } from 'zod';

/** GET /models; how long a context is, some providers say, each by its own name. */
export const openaiModelList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      max_model_len: z.int().positive().nullish(),
      context_length: z.int().positive().nullish(),
    }),
  ),
});

/** The legacy shape: an entry a token, of the prompt too where `echo` is kept. */
const legacyLogprobs = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number().nullable()),
});

/** POST /completions with `echo` and `logprobs`. */
export const echoed = z.object({ choices: z.tuple([z.object({ logprobs: legacyLogprobs.nullish() })]) });

/** An event of a streamed POST /completions. */
export const openaiEvent = z.object({
  choices: z.array(
    z.object({
      text: z.string().default(''),
      finish_reason: z.string().nullish(),
      logprobs: legacyLogprobs.nullish(),
    }),
  ),
});
