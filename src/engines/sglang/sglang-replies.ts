import { z } from 'zod';

/** GET /v1/models */
export const sglangModelList = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.int().positive().nullish() })),
});

/** GET /server_info: a prompt must be shorter. */
export const sglangServerInfo = z.object({ max_req_input_len: z.int().positive() });

/** POST /tokenize, which older versions do not have. */
export const sglangTokenized = z.object({ tokens: z.array(z.int()) });

/** [logprob, token id, text]; the logprob of the first of a prompt is null. */
const tokenLogprob = z.tuple([z.number().nullable(), z.int()]).rest(z.unknown());

/** POST /generate with `return_logprob` and `logprob_start_len`. */
export const sglangScored = z.object({ meta_info: z.object({ input_token_logprobs: z.array(tokenLogprob) }) });

/** POST /generate with `top_logprobs_num`: of each token written, its likely alternatives. */
export const sglangLikely = z.object({
  meta_info: z.object({ output_top_logprobs: z.tuple([z.array(tokenLogprob)]).rest(z.unknown()) }),
});

/** POST /generate */
export const sglangFinished = z.object({ meta_info: z.object({ finish_reason: z.object({ type: z.string() }) }) });

/** An event of a streamed POST /generate: `output_ids` and logprobs are those of all tokens so far, or only the new ones. */
export const sglangEvent = z.object({
  output_ids: z.array(z.int()).nullish(),
  meta_info: z.object({
    finish_reason: z
      .object({ type: z.string(), matched: z.unknown().optional(), message: z.string().nullish() })
      .nullish(),
    completion_tokens: z.int().nullish(),
    output_token_logprobs: z.array(tokenLogprob).nullish(),
  }),
});
