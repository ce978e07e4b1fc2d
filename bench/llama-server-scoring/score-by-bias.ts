import {
  FORCED_TOKENS,
  FORCING_BIAS,
  type HttpClient,
  type ScoreOptions,
  completionEvent,
  lookUpScore,
  parseEvent,
  replyFailure,
  toldScore,
} from '../../src/engines/index.ts';
import type { TokenId, TokenScore } from '../../src/index.ts';

/**
 * The way that the engine does not take: a request a token, which a bias forces. The logprob that comes with it is the
 * model's own, before the bias. The server says nothing of a token that ends within a character: its logprob is looked up
 * among the alternatives of that place.
 */
export async function scoreByBias(
  client: HttpClient,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  { signal }: ScoreOptions,
): Promise<TokenScore[]> {
  const scores: TokenScore[] = [];
  for (const [index, token] of continuation.entries()) {
    const told = await forcedScore(client, [...prefix, ...continuation.slice(0, index)], token, signal);
    const score = told ?? (await lookUpScore(client, prefix, continuation, index, signal));
    scores.push({ token, logprob: score.logprob });
  }
  return scores;
}

async function forcedScore(
  client: HttpClient,
  prompt: readonly TokenId[],
  token: TokenId,
  signal: AbortSignal | undefined,
): Promise<TokenScore | undefined> {
  const body = {
    prompt,
    n_predict: 1,
    logit_bias: [[token, FORCING_BIAS]],
    ...FORCED_TOKENS,
  };
  for await (const event of client.stream('/completion', body, { signal })) {
    const [told] = parseEvent(event, completionEvent, client.server).completion_probabilities ?? [];
    if (!told) continue;
    if (told.id !== token) throw replyFailure(client.server, `token ${told.id} where ${token} was forced`);
    return toldScore(told, told.top_logprobs);
  }
  return undefined;
}
