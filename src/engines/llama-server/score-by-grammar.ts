import type { TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure, saidReason, type ServerName } from '../http/http-failure.ts';
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
  const body = {
    prompt: prefix,
    n_predict: continuation.length,
    grammar: `root ::= ${continuation.map((token) => `<[${token}]>`).join(' ')}`,
    ...FORCED_TOKENS,
  };
  const { signal } = options;
  const read = (events: AsyncIterable<unknown>) => readForced(client.server, continuation, events);
  const told = await client.askInStream('/completion', body, read, { signal });
  const scores: TokenScore[] = [];
  for (const index of continuation.keys()) {
    scores.push(told.get(index) ?? (await lookUpScore(client, prefix, continuation, index, signal)));
  }
  return options.statistics ? scores : scores.map(({ token, logprob }) => ({ token, logprob }));
}

/** The scores that are told, by the places of their tokens. */
async function readForced(
  server: ServerName,
  continuation: readonly TokenId[],
  events: AsyncIterable<unknown>,
): Promise<ReadonlyMap<number, TokenScore>> {
  const scores = new Map<number, TokenScore>();
  let stopped: true | undefined;
  for await (const event of events) {
    const { completion_probabilities, stop, tokens_predicted = 0 } = parseEvent(event, completionEvent, server);
    if (stop) stopped = true;
    const [told] = completion_probabilities ?? [];
    if (stop || !told) continue;
    const at = tokens_predicted - 1;
    if (continuation[at] !== told.id || scores.has(at)) {
      throw replyFailure(server, `token ${told.id} at place ${at}, which the grammar did not allow`);
    }
    scores.set(at, toldScore(told, told.top_logprobs));
  }
  saidReason(server, stopped);
  return scores;
}
