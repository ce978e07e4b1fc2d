import type { FinishReason, GeneratedToken, GenerateOptions, TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { assertNotAborted, replyFailure, saidReason } from '../http/http-failure.ts';
import type { ScoreOptions, ServerDialect } from '../network/network-model.ts';
import { parseEvent } from '../network/parse-event.ts';
import { spreadBytes } from '../network/spread-bytes.ts';
import { readEntry } from './read-entry.ts';
import { vllmNextTokens } from './vllm-next-tokens.ts';
import { completionEvent, scored } from './vllm-replies.ts';
import { vllmSampling } from './vllm-sampling.ts';

/**
 * vLLM's /v1/completions with token ids for a prompt. It reads the whole prompt anew for each scoring, for a request
 * with prompt logprobs does not read the prefix cache.
 */
export function vllmDialect(client: HttpClient, model: string): ServerDialect {
  return {
    capabilities: { statistics: ['rank', 'firstChoice'], prefixReuse: false, generatedLogprobs: true },
    // Its penalty counts the prompt as well, not the last 64 tokens.
    unsupported: ['repetitionPenalty'],
    score: (prefix, continuation, options) => score(client, model, prefix, continuation, options),
    generate: (prefix, options) => generate(client, model, prefix, options),
    nextTokens: vllmNextTokens(client, model),
  };
}

async function score(
  client: HttpClient,
  model: string,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  { statistics = false, signal }: ScoreOptions,
): Promise<TokenScore[]> {
  const prompt = [...prefix, ...continuation];
  const body = { model, prompt, max_tokens: 1, temperature: 0, prompt_logprobs: statistics ? 1 : 0 };
  const reply = await client.ask('/v1/completions', body, scored, { signal });
  const entries = reply.choices[0].prompt_logprobs;
  if (entries.length !== prompt.length || entries[0] !== null) {
    throw replyFailure(client.server, `${entries.length} scores for a prompt of ${prompt.length} tokens`);
  }
  return continuation.map((token, i) => readEntry(client.server, entries[prefix.length + i], token, statistics));
}

async function* generate(
  client: HttpClient,
  model: string,
  prefix: readonly TokenId[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, FinishReason, void> {
  const { logprobs = false, signal } = options;
  const body = {
    model,
    prompt: prefix,
    stream: true,
    return_token_ids: true,
    ...vllmSampling(options),
    ...(logprobs && { logprobs: 0 }),
  };
  let finish: FinishReason | undefined;
  for await (const event of client.stream('/v1/completions', body, { signal })) {
    const [choice] = parseEvent(event, completionEvent, client.server).choices;
    if (!choice) continue;
    if (choice.token_ids == null && choice.text !== '') throw replyFailure(client.server, 'text without token ids');
    const ids = choice.token_ids ?? [];
    const ended = choice.finish_reason === 'stop';
    // The last token of an answer that ended by itself is the one that ended it; text of others may come with it.
    const tokens = (ended && (ids.length > 1 || choice.text === '') ? ids.slice(0, -1) : ids) as TokenId[];
    const ownLogprobs = logprobs ? choice.logprobs?.token_logprobs : null;
    yield* spreadBytes(tokens, choice.text, ownLogprobs);
    assertNotAborted(client.server, choice.finish_reason);
    if (choice.finish_reason != null) finish = ended ? 'stop' : 'length';
  }
  return saidReason(client.server, finish);
}
