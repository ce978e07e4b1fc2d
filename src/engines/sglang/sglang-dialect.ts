import type { FinishReason, GeneratedToken, GenerateOptions, TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { assertNotAborted, replyFailure, reportedFailure, saidReason, type ServerName } from '../http/http-failure.ts';
import type { ScoreOptions, ServerDialect } from '../network/network-model.ts';
import { parseEvent } from '../network/parse-event.ts';
import { spreadBytes } from '../network/spread-bytes.ts';
import { tempersLogprobs } from '../network/tempers-logprobs.ts';
import { sglangNextTokens } from './sglang-next-tokens.ts';
import { sglangEvent, sglangScored } from './sglang-replies.ts';

/** SGLang's own /generate: it scores from an offset, and finds what is before that in its radix cache. */
export function sglangDialect(client: HttpClient): ServerDialect {
  return {
    capabilities: { statistics: false, prefixReuse: true, generatedLogprobs: true },
    // Its penalty counts the whole answer, and it follows a seed only with --enable-deterministic-inference.
    unsupported: ['repetitionPenalty', 'seed'],
    score: (prefix, continuation, options) => score(client, prefix, continuation, options),
    generate: (prefix, options) => generate(client, prefix, options),
    nextTokens: sglangNextTokens(client),
  };
}

async function score(
  client: HttpClient,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  { signal }: ScoreOptions,
): Promise<TokenScore[]> {
  const body = {
    input_ids: [...prefix, ...continuation],
    // The entry at this place is null: the first scored one is the next.
    logprob_start_len: prefix.length - 1,
    return_logprob: true,
    sampling_params: { max_new_tokens: 1, temperature: 0 },
  };
  const entries = (await client.ask('/generate', body, sglangScored, { signal })).meta_info.input_token_logprobs;
  const [first, ...scores] = entries;
  if (first?.[0] !== null || scores.length !== continuation.length) {
    throw replyFailure(client.server, `${scores.length} scores for ${continuation.length} tokens`);
  }
  return continuation.map((token, i) => {
    const [logprob, id] = scores[i]!;
    if (id !== token || logprob === null) throw replyFailure(client.server, `no score of token ${token}`);
    return { token, logprob: Math.min(logprob, 0) };
  });
}

async function* generate(
  client: HttpClient,
  prefix: readonly TokenId[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, FinishReason, void> {
  const { logprobs = false, temperature, signal } = options;
  // What it tells are those after the temperature.
  const tellsLogprobs = logprobs && !tempersLogprobs(temperature);
  const body = { input_ids: prefix, stream: true, sampling_params: sampling(options), return_logprob: tellsLogprobs };
  const written: TokenId[] = [];
  let reason: FinishReason | undefined;
  for await (const event of client.stream('/generate', body, { signal })) {
    const { tokens, told, ended } = readEvent(client.server, event, written.length);
    const known =
      logprobs && !tellsLogprobs ? await logprobsOf(client, [...prefix, ...written], tokens, options) : told;
    written.push(...tokens);
    yield* spreadBytes(tokens, '', known);
    reason ??= ended;
  }
  return saidReason(client.server, reason);
}

interface Written {
  /** Without the one that ended the answer. */
  readonly tokens: readonly TokenId[];
  readonly told: readonly (number | null)[] | undefined;
  readonly ended: FinishReason | undefined;
}

/** What an event adds to the tokens before it. */
function readEvent(server: ServerName, event: unknown, before: number): Written {
  const { output_ids, meta_info } = parseEvent(event, sglangEvent, server);
  const { finish_reason: finish, completion_tokens, output_token_logprobs } = meta_info;
  if (finish?.type === 'abort' && finish.message != null) throw reportedFailure(server, finish);
  assertNotAborted(server, finish?.type);
  const ids = (output_ids ?? []) as TokenId[];
  // Events hold all tokens so far, or with --incremental-streaming-output the new ones.
  const start = ids.length === completion_tokens ? before : 0;
  const stopped = finish?.type === 'stop';
  // The last token of an answer that ended by itself is the one that ended it.
  const end = stopped && ids.at(-1) === finish.matched ? ids.length - 1 : ids.length;
  return {
    tokens: ids.slice(start, end),
    told: output_token_logprobs?.slice(start - ids.length).map(([logprob]) => logprob),
    ended: finish ? (stopped ? 'stop' : 'length') : undefined,
  };
}

async function logprobsOf(
  client: HttpClient,
  prefix: readonly TokenId[],
  tokens: readonly TokenId[],
  options: ScoreOptions,
): Promise<number[]> {
  if (tokens.length === 0) return [];
  return (await score(client, prefix, tokens, options)).map(({ logprob }) => logprob);
}

/** All of them, for what is left out comes from the model's own generation_config.json. */
function sampling({ temperature, topP = 1, topK = 0, minP = 0, maxTokens }: GenerateOptions) {
  return {
    max_new_tokens: maxTokens,
    temperature,
    top_p: topP,
    top_k: topK === 0 ? -1 : topK,
    min_p: minP,
    repetition_penalty: 1,
  };
}
