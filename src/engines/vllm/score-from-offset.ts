import type { TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure } from '../http/http-failure.ts';
import type { ScoreOptions } from '../network/network-model.ts';
import { GENERATE } from './find-scale-out.ts';
import { readEntry, readLogprob } from './read-entry.ts';
import { readNpyColumn } from './read-npy.ts';
import { scoredByIds, scoredWithRanks } from './scale-out-replies.ts';

/**
 * Scores with what vLLM's prefix cache has of `prefix`, which it reads for a request with prompt logprobs only when told
 * to. Where the cache goes further than that, as after the same question, it has nothing to say of what it did not
 * compute: then all is read anew.
 */
export async function scoreFromOffset(
  client: HttpClient,
  model: string,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  { statistics = false, signal }: ScoreOptions,
): Promise<TokenScore[]> {
  const ask = statistics ? askWithRanks : askByIds;
  const cached = await ask({ client, model, prefix, continuation, skipCache: false, signal });
  const scores = cached ?? (await ask({ client, model, prefix, continuation, skipCache: true, signal }));
  if (!scores) throw replyFailure(client.server, `no scores of ${continuation.length} tokens`);
  return scores;
}

interface Question {
  readonly client: HttpClient;
  readonly model: string;
  readonly prefix: readonly TokenId[];
  readonly continuation: readonly TokenId[];
  /** True: the server computes all of the prompt. */
  readonly skipCache: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Logprobs alone. The last token is not part of the prompt but asked for as what may be written next: so the cache never
 * has more than the next scoring's prefix without its last token, whose row is the first that scoring needs.
 */
async function askByIds({ client, model, prefix, continuation, skipCache, signal }: Question) {
  const last = continuation.at(-1)!;
  const before = continuation.slice(0, -1);
  const body = {
    model,
    token_ids: [...prefix, ...before],
    sampling_params: {
      max_tokens: 1,
      temperature: 0,
      detokenize: false,
      skip_reading_prefix_cache: skipCache,
      ...(before.length > 0 && {
        prompt_logprob_token_ids: before.map((token) => [token]),
        // Row i predicts the token after the prompt's i-th, counted from 0.
        prompt_logprob_start: prefix.length - 1,
      }),
      // Twice, for as many logprobs come as ids are asked for, and the first of them is that of what was written.
      logprob_token_ids: [last, last],
      logprobs: 2,
    },
  };
  const reply = await client.ask(GENERATE, body, scoredByIds, { signal });
  const rows = readRows(client, reply.prompt_token_id_logprobs, before.length);
  if (!rows) return undefined;
  const [written] = reply.choices[0].logprobs.content;
  const own = [written, ...written.top_logprobs].find(({ token_id }) => token_id === last);
  if (!own) throw replyFailure(client.server, `no score of token ${last}`);
  return continuation.map((token, i): TokenScore => ({ token, logprob: readLogprob(rows[i] ?? own.logprob) }));
}

/** @returns undefined where the server computed none */
function readRows({ server }: HttpClient, file: string | null | undefined, rows: number): Float32Array | undefined {
  if (rows === 0) return new Float32Array();
  if (file == null) return undefined;
  const values = readNpyColumn(Buffer.from(file, 'base64'), rows);
  if (!values) throw replyFailure(server, `scores that are not a column of ${rows} floats`);
  return values;
}

/** With rank and first choice: an entry comes for each token of the prompt that was computed, but the first of them. */
async function askWithRanks({ client, model, prefix, continuation, skipCache, signal }: Question) {
  const body = {
    model,
    token_ids: [...prefix, ...continuation],
    sampling_params: {
      max_tokens: 1,
      temperature: 0,
      detokenize: false,
      skip_reading_prefix_cache: skipCache,
      prompt_logprobs: 1,
    },
  };
  const entries = (await client.ask(GENERATE, body, scoredWithRanks, { signal })).prompt_logprobs;
  if (entries.length <= continuation.length) return undefined;
  const own = entries.slice(-continuation.length);
  return continuation.map((token, i) => readEntry(client.server, own[i], token, true));
}
