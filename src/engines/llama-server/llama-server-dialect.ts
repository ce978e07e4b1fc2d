import type { FinishReason, GeneratedToken, GenerateOptions, TokenId } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { saidReason } from '../http/http-failure.ts';
import type { ServerDialect } from '../network/network-model.ts';
import { parseEvent } from '../network/parse-event.ts';
import { spreadBytes } from '../network/spread-bytes.ts';
import { llamaServerNextTokens } from './llama-server-next-tokens.ts';
import { completionEvent } from './llama-server-replies.ts';
import { scoreByGrammar } from './score-by-grammar.ts';
import { givenSeed } from '../llama-cpp/generation/given-seed.ts';

/** llama-server's own /completion. It scores by being made to write what is to be scored. */
export function llamaServerDialect(client: HttpClient): ServerDialect {
  return {
    capabilities: { statistics: ['firstChoice'], prefixReuse: true, generatedLogprobs: true },
    unsupported: [],
    score: (prefix, continuation, options) => scoreByGrammar(client, prefix, continuation, options),
    generate: (prefix, options) => generate(client, prefix, options),
    nextTokens: llamaServerNextTokens(client),
  };
}

async function* generate(
  client: HttpClient,
  prompt: readonly TokenId[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, FinishReason, void> {
  const { logprobs = false, signal } = options;
  const body = { prompt, stream: true, return_tokens: true, ...sampling(options), ...(logprobs && { n_probs: 1 }) };
  let finish: FinishReason | undefined;
  for await (const event of client.stream('/completion', body, { signal })) {
    const { content, tokens, stop, stop_type, ...rest } = parseEvent(event, completionEvent, client.server);
    const ended = stop && stop_type === 'eos';
    const known = rest.completion_probabilities?.map(({ logprob }) => logprob);
    if (!stop) yield* spreadBytes((tokens ?? []) as TokenId[], content, logprobs ? known : null);
    else finish = ended ? 'stop' : 'length';
  }
  return saidReason(client.server, finish);
}

/** All of them, for what is left out comes from the server's own settings. */
function sampling({
  temperature,
  topP = 1,
  topK = 0,
  minP = 0,
  repetitionPenalty = 1,
  seed,
  maxTokens,
}: GenerateOptions) {
  return {
    n_predict: maxTokens,
    samplers: ['penalties', 'top_k', 'top_p', 'min_p', 'temperature'],
    temperature,
    top_p: topP,
    top_k: topK,
    min_p: minP,
    repeat_penalty: repetitionPenalty,
    repeat_last_n: 64,
    presence_penalty: 0,
    frequency_penalty: 0,
    ...(seed !== undefined && { seed: givenSeed(seed) }),
  };
}
