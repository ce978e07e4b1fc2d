import type { CallOptions, TokenId } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure, saidReason, type ServerName } from '../http/http-failure.ts';
import { FORCING_BIAS, type LikelyToken, type NextTokenSource } from '../network/next-token-reader.ts';
import { parseEvent } from '../network/parse-event.ts';
import { completionEvent } from './llama-server-replies.ts';

/** What is written for a probability of 0: the lowest 32-bit number. */
const IMPOSSIBLE = -3e38;

export function llamaServerNextTokens(client: HttpClient): NextTokenSource {
  return {
    likeliest: (prefix, count, options) => likeliest(client, prefix, count, options),
    endsText: (prefix, token, options) => endsText(client, prefix, token, options),
  };
}

/** The `count` most likely next tokens after a prompt, the most likely first, by their own probabilities. */
export async function likeliest(
  client: HttpClient,
  prompt: readonly TokenId[],
  count: number,
  { signal }: CallOptions,
): Promise<LikelyToken[]> {
  // Some plain character: the server says nothing of a token that ends within one.
  const body = { prompt, ...ONE_TOKEN, grammar: 'root ::= [ -~]+', n_probs: count };
  return await client.askInStream('/completion', body, (events) => readLikeliest(client.server, events), { signal });
}

async function readLikeliest(server: ServerName, events: AsyncIterable<unknown>): Promise<LikelyToken[]> {
  let found: LikelyToken[] | undefined;
  for await (const event of events) {
    const { completion_probabilities } = parseEvent(event, completionEvent, server);
    found ??= completion_probabilities?.[0]?.top_logprobs?.map(({ id, logprob, bytes }) => ({
      token: id as TokenId,
      logprob: ownLogprob(logprob),
      ...(bytes && { bytes: Uint8Array.from(bytes) }),
    }));
  }
  if (found) return found;
  throw replyFailure(server, 'no probabilities of the next token');
}

/** The natural log that a reported one stands for. */
export function ownLogprob(reported: number): number {
  return reported <= IMPOSSIBLE ? -Infinity : Math.min(reported, 0);
}

async function endsText(
  client: HttpClient,
  prompt: readonly TokenId[],
  token: TokenId,
  { signal }: CallOptions,
): Promise<boolean> {
  const body = { prompt, ...ONE_TOKEN, logit_bias: [[token, FORCING_BIAS]] };
  return await client.askInStream('/completion', body, (events) => readEnd(client.server, events), { signal });
}

async function readEnd(server: ServerName, events: AsyncIterable<unknown>): Promise<boolean> {
  let ends: boolean | undefined;
  for await (const event of events) {
    const { stop, stop_type } = parseEvent(event, completionEvent, server);
    if (stop) ends = stop_type === 'eos';
  }
  return saidReason(server, ends);
}

const ONE_TOKEN = { n_predict: 1, samplers: [], temperature: 0, stream: true };
