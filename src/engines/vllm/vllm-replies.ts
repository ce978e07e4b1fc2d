import { z } from 'zod';

/** GET /v1/models */
export const modelList = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.int().positive().nullish() })),
});

/** POST /tokenize */
export const tokenized = z.object({ tokens: z.array(z.int()), token_strs: z.array(z.string()).nullish() });

/** POST /detokenize */
export const detokenized = z.object({ prompt: z.string() });

const promptEntry = z.record(z.string(), z.object({ logprob: z.number(), rank: z.int().nullish() }));

export const promptLogprobs = z.array(promptEntry.nullable());

/** By token id: that of the prompt, and those with the best ranks that were asked for. */
export type PromptEntry = z.infer<typeof promptEntry>;

/** POST /v1/completions with `prompt_logprobs`: null for the first token of the prompt. */
export const scored = z.object({ choices: z.tuple([z.object({ prompt_logprobs: promptLogprobs })]) });

/** POST /v1/completions with `logprobs` and `return_tokens_as_token_ids`: of the one token, its likely alternatives. */
export const likelyTokens = z.object({
  choices: z.tuple([z.object({ logprobs: z.object({ top_logprobs: z.tuple([z.record(z.string(), z.number())]) }) })]),
});

/** POST /v1/completions with `allowed_token_ids`. */
export const forced = z.object({ choices: z.tuple([z.object({ text: z.string(), finish_reason: z.string() })]) });

/** An event of a streamed POST /v1/completions with `return_token_ids`. */
export const completionEvent = z.object({
  choices: z
    .array(
      z.object({
        text: z.string(),
        token_ids: z.array(z.int()).nullish(),
        finish_reason: z.string().nullish(),
        logprobs: z.object({ token_logprobs: z.array(z.number().nullable()) }).nullish(),
      }),
    )
    .nullish()
    .transform((choices) => choices ?? []),
});
