import type { TokenId } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { answered } from '../network/answered.ts';
import { scoredByIds, writtenText } from './scale-out-replies.ts';

/** Where vLLM takes and gives token ids, with --enable-scale-out. */
export const GENERATE = '/inference/v1/generate';

/** What the server's token endpoint can do. */
export interface ScaleOut {
  /** It gives prompt logprobs from a place in the prompt on, which takes its second model runner. */
  readonly scoresFromOffset: boolean;
}

/** Asks the server for a token, and then for a score; undefined where it has no token endpoint, or an older one. */
export async function findScaleOut(
  client: HttpClient,
  model: string,
  token: TokenId,
  signal: AbortSignal | undefined,
): Promise<ScaleOut | undefined> {
  const question = { model, token_ids: [token, token] };
  const one = { max_tokens: 1, temperature: 0 };
  const text = { ...question, output_mode: 'text', sampling_params: one };
  if (!(await answered(client.ask(GENERATE, text, writtenText, { signal })))) return undefined;
  const scores = {
    prompt_logprob_token_ids: [[token]],
    prompt_logprob_start: 0,
    skip_reading_prefix_cache: true,
    logprob_token_ids: [token, token],
    logprobs: 2,
  };
  const scored = { ...question, sampling_params: { ...one, ...scores } };
  const reply = await answered(client.ask(GENERATE, scored, scoredByIds, { signal }));
  return { scoresFromOffset: reply?.prompt_token_id_logprobs != null };
}
