import type {
  CallOptions,
  FinishReason,
  GeneratedToken,
  GenerateOptions,
  TokenId,
  TokenScore,
} from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { assertNotAborted, saidReason } from '../http/http-failure.ts';
import type { ScoreOptions, ServerDialect } from '../network/network-model.ts';
import type { NetworkTokenizer } from '../network/network-tokenizer.ts';
import { parseEvent } from '../network/parse-event.ts';
import { EchoReader } from './echo-reader.ts';
import { openaiEvent } from './openai-replies.ts';

/** Some servers write it for a probability of 0. */
const IMPOSSIBLE = -9999;

/**
 * Legacy completions with `echo` and `logprobs`, token ids for a prompt. What is generated comes as text: its tokens
 * are those that the tokenizer makes of it.
 */
export function openaiDialect(
  client: HttpClient,
  model: string,
  tokenizer: NetworkTokenizer,
  echo = new EchoReader(client, model),
): ServerDialect {
  return {
    capabilities: { statistics: false, prefixReuse: false, generatedLogprobs: true },
    unsupported: ['topK', 'minP', 'repetitionPenalty'],
    score: (prefix, continuation, options) => score(echo, prefix, continuation, options),
    generate: (prefix, options) => generate(client, model, tokenizer, prefix, options),
  };
}

async function score(
  echo: EchoReader,
  prefix: readonly TokenId[],
  continuation: readonly TokenId[],
  { signal }: ScoreOptions,
): Promise<TokenScore[]> {
  const { logprobs } = await echo.read([...prefix, ...continuation], signal);
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
    if (choice && choice.text !== '') yield* tokensOf(choice.text, tokenizer, choice.logprobs?.logprobs, { signal });
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
  call: CallOptions,
): AsyncGenerator<GeneratedToken, void, void> {
  const tokens = await tokenizer.encode([{ text, control: false }], call);
  const bytes = await tokenizer.decode(tokens, call);
  for (const [i, token] of tokens.entries()) {
    const logprob = logprobs?.length === tokens.length ? logprobs[i] : undefined;
    yield { token, bytes: bytes[i]!, ...(logprob != null && { logprob: Math.min(logprob, 0) }) };
  }
}
