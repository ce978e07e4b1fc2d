import type { TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure } from '../http/http-failure.ts';
import type { ScoreOptions } from '../network/network-model.ts';
import { parseEvent } from '../network/parse-event.ts';
import { likeliest, ownLogprob } from './llama-server-next-tokens.ts';
import { completionEvent } from './llama-server-replies.ts';

/** How many alternatives are asked for first where a token's probability has to be looked up among them. */
const FEW_ALTERNATIVES = 1024;
/** The highest that is understood: the whole vocabulary. */
const ALL_ALTERNATIVES = 2 ** 31 - 1;

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
): AsyncGenerator<{ readonly at: number; readonly score: TokenScore }, void, void> {
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
    const { completion_probabilities, stop, tokens_predicted = 0 } = parseEvent(event, completionEvent, client.server);
    if (stop) return;
    const [told] = completion_probabilities ?? [];
    if (!told) continue;
    const firstChoice = told.top_logprobs?.[0]?.id as TokenId | undefined;
    const score = { token: told.id as TokenId, logprob: ownLogprob(told.logprob) };
    yield { at: tokens_predicted - 1, score: { ...score, ...(firstChoice !== undefined && { firstChoice }) } };
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
  for (const count of [FEW_ALTERNATIVES, ALL_ALTERNATIVES]) {
    const alternatives = await likeliest(client, prompt, count, signal ? { signal } : {});
    const found = alternatives.find((alternative) => alternative.token === token);
    const firstChoice = alternatives[0]?.token;
    if (found) return { token, logprob: found.logprob, ...(firstChoice !== undefined && { firstChoice }) };
  }
  throw replyFailure(client.server, `no probability of token ${token}`);
}
