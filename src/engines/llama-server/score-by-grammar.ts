import type { TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure } from '../http/http-failure.ts';
import type { ScoreOptions } from '../network/network-model.ts';
import { parseEvent } from '../network/parse-event.ts';
import { completionEvent } from './llama-server-replies.ts';

/** What is written for a probability of 0: the lowest 32-bit number. */
const IMPOSSIBLE = -3e38;
/** How many alternatives are asked for first where a token's probability has to be looked up among them. */
const FEW_ALTERNATIVES = 1024;

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
  for await (const score of forcedTokens(client, prefix, continuation, options.signal)) {
    const at = continuation.indexOf(score.token, scores.length);
    if (at < 0) throw replyFailure(client.server, `token ${score.token}, which the grammar did not allow`);
    while (scores.length < at) scores.push(await lookUp(client, prefix, continuation, scores.length, options.signal));
    scores.push(score);
  }
  while (scores.length < continuation.length) {
    scores.push(await lookUp(client, prefix, continuation, scores.length, options.signal));
  }
  return options.statistics ? scores : scores.map(({ token, logprob }) => ({ token, logprob }));
}

async function* forcedTokens(
  client: HttpClient,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  signal: AbortSignal | undefined,
): AsyncGenerator<TokenScore, void, void> {
  const body = {
    prompt: prefix,
    n_predict: continuation.length,
    grammar: `root ::= ${continuation.map((token) => `<[${token}]>`).join(' ')}`,
    samplers: [],
    temperature: 0,
    n_probs: 1,
    stream: true,
  };
  for await (const event of client.stream('/completion', body, { signal })) {
    const { completion_probabilities, stop } = parseEvent(event, completionEvent, client.server);
    if (stop) return;
    for (const { id, logprob, top_logprobs } of completion_probabilities ?? []) {
      const firstChoice = top_logprobs?.[0]?.id as TokenId | undefined;
      yield { ...scoreOf(id as TokenId, logprob), ...(firstChoice !== undefined && { firstChoice }) };
    }
  }
  throw replyFailure(client.server, 'a stream without an end');
}

/** The logprob of one token by the alternatives to another. */
async function lookUp(
  client: HttpClient,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  index: number,
  signal: AbortSignal | undefined,
): Promise<TokenScore> {
  const token = continuation[index]!;
  const prompt = [...prefix, ...continuation.slice(0, index)];
  for (const n_probs of [FEW_ALTERNATIVES, 2 ** 31 - 1]) {
    const body = {
      prompt,
      n_predict: 1,
      grammar: 'root ::= [ -~]+',
      samplers: [],
      temperature: 0,
      n_probs,
      stream: true,
    };
    for await (const event of client.stream('/completion', body, { signal })) {
      const alternatives = parseEvent(event, completionEvent, client.server).completion_probabilities?.[0]
        ?.top_logprobs;
      const found = alternatives?.find(({ id }) => id === token);
      const firstChoice = alternatives?.[0]?.id as TokenId | undefined;
      if (found) return { ...scoreOf(token, found.logprob), ...(firstChoice !== undefined && { firstChoice }) };
    }
  }
  throw replyFailure(client.server, `no probability of token ${token}`);
}

function scoreOf(token: TokenId, logprob: number): TokenScore {
  return { token, logprob: logprob <= IMPOSSIBLE ? -Infinity : Math.min(logprob, 0) };
}
