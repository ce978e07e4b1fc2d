import type { TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure, saidReason } from '../http/http-failure.ts';
import type { ScoreOptions } from '../network/network-model.ts';
import { parseEvent } from '../network/parse-event.ts';
import { completionEvent } from './llama-server-replies.ts';
import { lookUpScore, toldScore } from './look-up-score.ts';

/** One candidate of the whole vocabulary is all that the server then has to sample from: a quarter of the time. */
export const FORCED_TOKENS = { samplers: ['top_k'], top_k: 1, temperature: 0, n_probs: 1, stream: true };

/**
 * One streamed request under a grammar that allows the given tokens and nothing else. The logprobs that come with what
 * is written are the model's own, before the grammar. The server says nothing of a token that ends within a character:
 * its logprob is looked up among the alternatives of that place.
 */
export async function scoreByGrammar(
  client: HttpClient,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  options: ScoreOptions,
): Promise<TokenScore[]> {
  const scores: TokenScore[] = [];
  for await (const { at, score } of forcedTokens(client, prefix, continuation, options.signal)) {
    if (continuation[at] !== score.token || at < scores.length) {
      throw replyFailure(client.server, `token ${score.token} at place ${at}, which the grammar did not allow`);
    }
    while (scores.length < at)
      scores.push(await lookUpScore(client, prefix, continuation, scores.length, options.signal));
    scores.push(score);
  }
  while (scores.length < continuation.length) {
    scores.push(await lookUpScore(client, prefix, continuation, scores.length, options.signal));
  }
  return options.statistics ? scores : scores.map(({ token, logprob }) => ({ token, logprob }));
}

async function* forcedTokens(
  client: HttpClient,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly at: number; readonly score: TokenScore }, void, void> {
  const body = {
    prompt: prefix,
    n_predict: continuation.length,
    grammar: `root ::= ${continuation.map((token) => `<[${token}]>`).join(' ')}`,
    ...FORCED_TOKENS,
  };
  let stopped: true | undefined;
  for await (const event of client.stream('/completion', body, { signal })) {
    const { completion_probabilities, stop, tokens_predicted = 0 } = parseEvent(event, completionEvent, client.server);
    if (stop) stopped = true;
    const [told] = completion_probabilities ?? [];
    if (stop || !told) continue;
    yield { at: tokens_predicted - 1, score: toldScore(told, told.top_logprobs) };
  }
  saidReason(client.server, stopped);
}
