import { z } from 'zod';

/** GET /models */
export const chatModelList = z.object({ data: z.array(z.object({ id: z.string() })) });

const text = z.string().nullish();

/** An event of a streamed POST /chat/completions. */
export const chatEvent = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: text, reasoning_content: text, reasoning: text }).nullish(),
        finish_reason: z.string().nullish(),
        logprobs: z.object({ content: z.array(z.object({ logprob: z.number() })).nullish() }).nullish(),
      }),
    )
    .nullish()
    .transform((choices) => choices ?? []),
});
