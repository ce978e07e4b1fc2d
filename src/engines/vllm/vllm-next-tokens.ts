import { EngineError } from '../../core/errors.ts';
import type { CallOptions, TokenId } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure } from '../http/http-failure.ts';
import type { LikelyToken, NextTokenSource } from '../network/next-token-reader.ts';
import { readLogprob } from './read-entry.ts';
import { forced, likelyTokens } from './vllm-replies.ts';

/** How tokens read with `return_tokens_as_token_ids`. */
const TOKEN_ID = /^token_id:(\d+)$/;

export function vllmNextTokens(client: HttpClient, model: string): NextTokenSource {
  return {
    likeliest: (prefix, count, options) => likeliest(client, model, prefix, count, options),
    endsText: async (prefix, token, options) => (await writeForced(client, model, prefix, token, options)).ends,
  };
}

async function likeliest(
  client: HttpClient,
  model: string,
  prompt: readonly TokenId[],
  count: number,
  options: CallOptions,
): Promise<LikelyToken[]> {
  const body = { model, prompt, ...ONE_TOKEN, logprobs: count, return_tokens_as_token_ids: true };
  const reply = await client.ask('/v1/completions', body, likelyTokens, options).catch((cause: unknown) => {
    throw tooMany(client, count, cause);
  });
  return Object.entries(reply.choices[0].logprobs.top_logprobs[0]).map(([text, logprob]) => {
    const id = TOKEN_ID.exec(text)?.[1];
    if (id === undefined) throw replyFailure(client.server, 'next tokens without their ids');
    return { token: Number(id) as TokenId, logprob: readLogprob(logprob) };
  });
}

/** What the server makes of a token that it has to write: the text that it shows, and whether it ends there. */
export async function writeForced(
  client: HttpClient,
  model: string,
  prompt: readonly TokenId[],
  token: TokenId,
  options: CallOptions,
): Promise<{ readonly text: string; readonly ends: boolean }> {
  const body = { model, prompt, ...ONE_TOKEN, allowed_token_ids: [token] };
  const [{ text, finish_reason }] = (await client.ask('/v1/completions', body, forced, options)).choices;
  return { text, ends: finish_reason === 'stop' };
}

/** What is left out comes from the model's own generation_config.json. */
const ONE_TOKEN = { max_tokens: 1, temperature: 0, repetition_penalty: 1 };

function tooMany(client: HttpClient, count: number, cause: unknown): unknown {
  if (!(cause instanceof EngineError) || !/greater than max allowed/.test(cause.message)) return cause;
  const { engine, url } = client.server;
  return new EngineError(
    engine,
    'too-many-next-tokens',
    `${engine} at ${url} does not tell ${count} next tokens at once: ask for fewer, or start it with --max-logprobs ${count}.`,
    { url, cause },
  );
}
