import { EngineError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { writtenText } from './scale-out-replies.ts';

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
  const takes = async (sampling: object) => {
    const sampling_params = { max_tokens: 1, temperature: 0, ...sampling };
    const body = { model, token_ids: [token, token], output_mode: 'text', sampling_params };
    return await accepted(client.ask(GENERATE, body, writtenText, { signal }));
  };
  if (!(await takes({}))) return undefined;
  return { scoresFromOffset: await takes({ prompt_logprob_token_ids: [[token]], prompt_logprob_start: 0 }) };
}

/** A route that is missing or disabled, or a field that is refused. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 404, 405, 422, 501]);

async function accepted(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const isAnswer = error.code === 'bad-reply' || (error.status !== undefined && REFUSALS.has(error.status));
    if (isAnswer) return false;
    throw error;
  }
}
