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

const legacyLogprobs = z
  .object({ tokens: z.array(z.string()), token_logprobs: z.array(z.number().nullable()) })
  .transform(({ tokens, token_logprobs }) => ({ tokens, logprobs: token_logprobs }));

/** As in chat completions; llama-server has it here too. */
const chatLogprobs = z
  .object({ content: z.array(z.object({ token: z.string(), logprob: z.number().nullish() })).nullable() })
  .transform(({ content }) => ({
    tokens: (content ?? []).map(({ token }) => token),
    logprobs: (content ?? []).map(({ logprob }) => logprob ?? null),
  }));

/** An entry a token, of the prompt too where `echo` is kept. */
const tokenLogprobs = z.union([legacyLogprobs, chatLogprobs]).nullish();

export type TokenLogprobs = NonNullable<z.infer<typeof tokenLogprobs>>;

/** POST /completions with `echo` and `logprobs`. */
export const echoed = z.object({ choices: z.tuple([z.object({ logprobs: tokenLogprobs })]) });

/** An event of a streamed POST /completions. */
export const openaiEvent = z.object({
  choices: z
    .array(
      z.object({
        text: z.string().default(''),
        finish_reason: z.string().nullish(),
        logprobs: tokenLogprobs,
      }),
    )
    .nullish()
    .transform((choices) => choices ?? []),
});
