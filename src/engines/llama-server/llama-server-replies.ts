import { z } from 'zod';

/** GET /v1/models */
export const llamaModelList = z.object({
  data: z.array(z.object({ id: z.string(), meta: z.object({ n_vocab: z.int().positive().nullish() }).nullish() })),
});

/** GET /props */
export const props = z.object({
  default_generation_settings: z.object({
    n_ctx: z.int().positive(),
    params: z.object({ backend_sampling: z.boolean().nullish() }).nullish(),
  }),
  bos_token: z.string().nullish(),
  eos_token: z.string().nullish(),
});

export type Props = z.infer<typeof props>;

/** GET /slots */
export const slots = z.array(z.object({ speculative: z.boolean().nullish() }));

/** POST /tokenize with `with_pieces`: a piece that is no text is a list of bytes. */
export const tokenizedPieces = z.object({
  tokens: z.array(z.object({ id: z.int(), piece: z.union([z.string(), z.array(z.int())]) })),
});

/** POST /detokenize */
export const detokenizedContent = z.object({ content: z.string() });

/** An event of a streamed POST /completion with `n_probs` and `return_tokens`. */
export const completionEvent = z.object({
  content: z.string(),
  tokens: z.array(z.int()).nullish(),
  stop: z.boolean(),
  /** How many tokens were written by now. */
  tokens_predicted: z.int().optional(),
  stop_type: z.string().nullish(),
  truncated: z.boolean().nullish(),
  completion_probabilities: z
    .array(
      z.object({
        id: z.int(),
        logprob: z.number(),
        top_logprobs: z
          .array(z.object({ id: z.int(), logprob: z.number(), bytes: z.array(z.int()).nullish() }))
          .nullish(),
      }),
    )
    .nullish(),
});
