import { CapabilityError } from '../../core/errors.ts';
import type { FinishReason, GeneratedToken, GenerateOptions, TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { assertNotAborted, saidReason } from '../http/http-failure.ts';
import type { ScoreOptions, ServerDialect } from '../network/network-model.ts';
import type { NetworkTokenizer } from '../network/network-tokenizer.ts';
import { parseEvent } from '../network/parse-event.ts';
import { echoed, openaiEvent } from './openai-replies.ts';

/** Some servers write it for a probability of 0. */
const IMPOSSIBLE = -9999;

/**
 * Legacy completions with `echo` and `logprobs`, token ids for a prompt. What is generated comes as text: its tokens
 * are those that the tokenizer makes of it.
 */
export function openaiDialect(client: HttpClient, model: string, tokenizer: NetworkTokenizer): ServerDialect {
  return {
    capabilities: { statistics: false, prefixReuse: false, generatedLogprobs: true },
    unsupported: ['topK', 'minP', 'repetitionPenalty'],
    score: (prefix, continuation, options) => score(client, model, prefix, continuation, options),
    generate: (prefix, options) => generate(client, model, tokenizer, prefix, options),
  };
}

async function score(
  client: HttpClient,
  model: string,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  { signal }: ScoreOptions,
): Promise<TokenScore[]> {
  const prompt = [...prefix, ...continuation];
  const body = { model, prompt, max_tokens: 1, temperature: 0, echo: true, logprobs: 1 };
  const logprobs = (await client.ask('/completions', body, echoed, { signal })).choices[0].logprobs?.token_logprobs;
  const { engine, url } = client.server;
  // The prompt's tokens, and the one that it had to write, unless it ended there.
  const isEcho = logprobs && (logprobs.length === prompt.length || logprobs.length === prompt.length + 1);
  if (!isEcho || logprobs[0] != null || logprobs.slice(1, prompt.length).includes(null)) {
    throw new CapabilityError(
      'no-prompt-logprobs',
      `${engine} at ${url} does not return the logprobs of a prompt (echo with logprobs), which a base needs: use a server that keeps this, or vllm:, sglang: or llama-server:.`,
    );
  }
  return continuation.map((token, i) => {
    const logprob = logprobs[prefix.length + i]!;
    return { token, logprob: logprob <= IMPOSSIBLE ? -Infinity : Math.min(logprob, 0) };
  });
}

async function* generate(
  client: HttpClient,
  model: string,
  tokenizer: NetworkTokenizer,
  prompt: readonly TokenId[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, FinishReason, void> {
  const { temperature, topP = 1, seed, maxTokens, logprobs = false, signal } = options;
  const sampling = { temperature, top_p: topP, max_tokens: maxTokens, ...(seed !== undefined && { seed }) };
  const body = { model, prompt, stream: true, ...sampling, ...(logprobs && { logprobs: 1 }) };
  let finish: FinishReason | undefined;
  for await (const event of client.stream('/completions', body, { signal })) {
    const [choice] = parseEvent(event, openaiEvent, client.server).choices;
    if (choice && choice.text !== '') yield* tokensOf(choice.text, tokenizer, choice.logprobs?.token_logprobs);
    assertNotAborted(client.server, choice?.finish_reason);
    if (choice?.finish_reason != null) finish = choice.finish_reason === 'length' ? 'length' : 'stop';
  }
  return saidReason(client.server, finish);
}

/** The text's tokens; their logprobs where the server counts as many. */
async function* tokensOf(
  text: string,
  tokenizer: NetworkTokenizer,
  logprobs: readonly (number | null)[] | undefined,
): AsyncGenerator<GeneratedToken, void, void> {
  const tokens = await tokenizer.encode([{ text, control: false }]);
  const bytes = await tokenizer.decode(tokens);
  for (const [i, token] of tokens.entries()) {
    const logprob = logprobs?.length === tokens.length ? logprobs[i] : undefined;
    yield { token, bytes: bytes[i]!, ...(logprob != null && { logprob: Math.min(logprob, 0) }) };
  }
}
