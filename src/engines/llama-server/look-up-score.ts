import type { TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure } from '../http/http-failure.ts';
import { parseEvent } from '../network/parse-event.ts';
import { completionEvent } from './llama-server-replies.ts';

/** What is written for a probability of 0: the lowest 32-bit number. */
const IMPOSSIBLE = -3e38;
/** How many alternatives are asked for first. */
const FEW_ALTERNATIVES = 1024;
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
  for (const n_probs of [FEW_ALTERNATIVES, ALL_ALTERNATIVES]) {
    const body = {
      prompt,
      n_predict: 1,
      // A token that is a whole character: the server says nothing of others.
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
      if (found) return toldScore(found, alternatives);
    }
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
  return {
    token: id as TokenId,
    logprob: logprob <= IMPOSSIBLE ? -Infinity : Math.min(logprob, 0),
    ...(firstChoice !== undefined && { firstChoice }),
  };
}
