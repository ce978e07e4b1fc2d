import { z } from 'zod';

/** GET /models */
export const chatModelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** An event of a streamed POST /chat/completions. */
export const chatEvent = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
        logprobs: z.object({ content: z.array(z.object({ logprob: z.number() })).nullish() }).nullish(),
      }),
    )
    .default([]),
});
