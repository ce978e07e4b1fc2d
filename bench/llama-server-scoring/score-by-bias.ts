import type { TokenId, TokenScore } from '../../src/core/language-model.ts';
import type { HttpClient } from '../../src/engines/http/http-client.ts';
import { replyFailure } from '../../src/engines/http/http-failure.ts';
import type { ScoreOptions } from '../../src/engines/network/network-model.ts';
import { FORCING_BIAS } from '../../src/engines/network/next-token-reader.ts';
import { parseEvent } from '../../src/engines/network/parse-event.ts';
import { completionEvent } from '../../src/engines/llama-server/llama-server-replies.ts';
import { lookUpScore, toldScore } from '../../src/engines/llama-server/look-up-score.ts';
import { FORCED_TOKENS } from '../../src/engines/llama-server/score-by-grammar.ts';

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
