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

/** A token that may stand at a place, with its natural logprob. */
const likelyToken = z.object({ token: z.string(), logprob: z.number().max(0) });
const count = z.int().nonnegative().nullish();

/** POST /chat/completions, not streamed. */
export const chatAnswer = z
  .object({
    model: text,
    choices: z
      .array(
        z.object({
          message: z.object({ content: text, refusal: text }),
          finish_reason: text,
          logprobs: z
            .object({ content: z.array(z.object({ top_logprobs: z.array(likelyToken) })).nullish() })
            .nullish(),
        }),
      )
      .min(1),
    usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
  })
  .transform(({ model, choices, usage }) => {
    const { message, finish_reason, logprobs } = choices[0]!;
    return {
      text: message.content ?? '',
      /** Why the server says that it ended; `length`: the most tokens were reached. */
      finishReason: finish_reason ?? undefined,
      /** What the model said in place of an answer. */
      refusal: message.refusal ?? undefined,
      /** Of each token, the likeliest that may stand there; undefined where the server told none. */
      likely: logprobs?.content?.map(({ top_logprobs }) => top_logprobs),
      /** As the server calls the model that answered. */
      servedAs: model ?? undefined,
      promptTokens: usage?.prompt_tokens ?? undefined,
      completionTokens: usage?.completion_tokens ?? undefined,
    };
  });
export type ChatAnswer = z.infer<typeof chatAnswer>;
