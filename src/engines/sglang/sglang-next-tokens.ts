import type { CallOptions, TokenId } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { FORCING_BIAS, type LikelyToken, type NextTokenSource } from '../network/next-token-reader.ts';
import { sglangFinished, sglangLikely } from './sglang-replies.ts';

export function sglangNextTokens(client: HttpClient): NextTokenSource {
  return {
    likeliest: (prefix, count, options) => likeliest(client, prefix, count, options),
    endsText: (prefix, token, options) => endsText(client, prefix, token, options),
  };
}

async function likeliest(
  client: HttpClient,
  prefix: readonly TokenId[],
  count: number,
  options: CallOptions,
): Promise<LikelyToken[]> {
  const body = {
    input_ids: prefix,
    return_logprob: true,
    top_logprobs_num: count,
    sampling_params: { ...GREEDY, max_new_tokens: 1 },
  };
  const { meta_info } = await client.ask('/generate', body, sglangLikely, options);
  return meta_info.output_top_logprobs[0].map(([logprob, token]) => ({
    token: token as TokenId,
    // JSON has no -Infinity.
    logprob: logprob === null ? -Infinity : Math.min(logprob, 0),
  }));
}

async function endsText(
  client: HttpClient,
  prefix: readonly TokenId[],
  token: TokenId,
  options: CallOptions,
): Promise<boolean> {
  const body = {
    // Its first token alone, so that there is always room for two more.
    input_ids: prefix.slice(0, 1),
    // Where one is the limit, an older server says that the limit ended it, whatever the token.
    sampling_params: { ...GREEDY, max_new_tokens: 2, logit_bias: { [token]: FORCING_BIAS } },
  };
  return (await client.ask('/generate', body, sglangFinished, options)).meta_info.finish_reason.type === 'stop';
}

/** What is left out comes from the model's own generation_config.json. */
const GREEDY = { temperature: 0, repetition_penalty: 1 };
