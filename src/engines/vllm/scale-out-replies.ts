import { z } from 'zod';
import { promptLogprobs } from './vllm-replies.ts';

const candidate = z.object({ token_id: z.int(), logprob: z.number() });

/** POST /inference/v1/generate, its scores as the bytes of a .npy file in base64; null where it has computed none. */
export const scoredByIds = z.object({
  choices: z.tuple([
    z.object({ logprobs: z.object({ content: z.tuple([candidate.extend({ top_logprobs: z.array(candidate) })]) }) }),
  ]),
  prompt_token_id_logprobs: z.string().nullish(),
});

/** The same with `prompt_logprobs`: one entry for each token that was computed; null for the first of them. */
export const scoredWithRanks = z.object({ prompt_logprobs: promptLogprobs });

/** The same, of a request for text. */
export const writtenText = z.object({
  choices: z.tuple([z.object({ token_ids: z.array(z.int()), text: z.string() })]),
});

/** An event of a streamed POST /inference/v1/generate; without `text` where token ids only were asked for. */
export const writtenEvent = z.object({
  choices: z
    .array(
      z.object({
        token_ids: z.array(z.int()).nullish(),
        text: z.string().nullish(),
        finish_reason: z.string().nullish(),
        logprobs: z.object({ content: z.array(z.object({ logprob: z.number() })) }).nullish(),
      }),
    )
    .nullish()
    .transform((choices) => choices ?? []),
});
