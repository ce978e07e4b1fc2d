import type { TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure } from '../http/http-failure.ts';
import { likeliest, ownLogprob } from './llama-server-next-tokens.ts';

/** How many alternatives are asked for first. */
const FEW_ALTERNATIVES = 1024;
/** The highest that is understood: the whole vocabulary. */
const ALL_ALTERNATIVES = 2 ** 31 - 1;

/** The logprob of the continuation's token at `index`, found among the alternatives to another one at that place. */
export async function lookUpScore(
  client: HttpClient,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  index: number,
  signal: AbortSignal | undefined,
): Promise<TokenScore> {
  const token = continuation[index]!;
  const prompt = [...prefix, ...continuation.slice(0, index)];
  for (const count of [FEW_ALTERNATIVES, ALL_ALTERNATIVES]) {
    const alternatives = await likeliest(client, prompt, count, signal ? { signal } : {});
    const found = alternatives.find((alternative) => alternative.token === token);
    const firstChoice = alternatives[0]?.token;
    if (found) return { token, logprob: found.logprob, ...(firstChoice !== undefined && { firstChoice }) };
  }
  throw replyFailure(client.server, `no probability of token ${token}`);
}

interface Told {
  readonly id: number;
  readonly logprob: number;
}

/** @param alternatives the most likely first */
export function toldScore({ id, logprob }: Told, alternatives: readonly Told[] | null | undefined): TokenScore {
  const firstChoice = alternatives?.[0]?.id as TokenId | undefined;
  return { token: id as TokenId, logprob: ownLogprob(logprob), ...(firstChoice !== undefined && { firstChoice }) };
}
