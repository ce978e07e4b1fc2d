import type { FinishReason, GeneratedToken, GenerateOptions, TokenId, TokenScore } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { assertNotAborted, saidReason } from '../http/http-failure.ts';
import type { ServerDialect } from '../network/network-model.ts';
import { parseEvent } from '../network/parse-event.ts';
import { spreadBytes } from '../network/spread-bytes.ts';
import { GENERATE, type ScaleOut } from './find-scale-out.ts';
import { writtenEvent } from './scale-out-replies.ts';
import { scoreFromOffset } from './score-from-offset.ts';
import { vllmDialect } from './vllm-dialect.ts';
import { vllmSampling } from './vllm-sampling.ts';

export interface ScaleOutOptions {
  readonly model: string;
  readonly scaleOut: ScaleOut;
  /** True: the server's text is needed, for nobody else knows the tokens' bytes. */
  readonly text: boolean;
}

/**
 * vLLM's /inference/v1/generate, token ids in and token ids out; and where the server can, scoring from an offset, which
 * reads the prefix cache.
 */
export function scaleOutDialect(client: HttpClient, options: ScaleOutOptions): ServerDialect {
  const { model, scaleOut } = options;
  const completions = vllmDialect(client, model);
  const dialect = {
    ...completions,
    generate: (prefix: readonly TokenId[], wanted: GenerateOptions) => generate(client, options, prefix, wanted),
  };
  if (!scaleOut.scoresFromOffset) return dialect;
  return {
    ...dialect,
    capabilities: { ...completions.capabilities, prefixReuse: true },
    score: (prefix, continuation, wanted): Promise<TokenScore[]> =>
      scoreFromOffset(client, model, prefix, continuation, wanted),
  };
}

async function* generate(
  client: HttpClient,
  { model, text }: ScaleOutOptions,
  prefix: readonly TokenId[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, FinishReason, void> {
  const { logprobs = false, signal } = options;
  const body = {
    model,
    token_ids: prefix,
    stream: true,
    output_mode: text ? 'text' : 'tokens',
    sampling_params: { ...vllmSampling(options), detokenize: text, ...(logprobs && { logprobs: 0 }) },
  };
  let finish: FinishReason | undefined;
  for await (const event of client.stream(GENERATE, body, { signal })) {
    const [choice] = parseEvent(event, writtenEvent, client.server).choices;
    if (!choice) continue;
    const ids = (choice.token_ids ?? []) as TokenId[];
    const ended = choice.finish_reason === 'stop';
    // The last token of an answer that ended by itself is the one that ended it.
    const tokens = ended ? ids.slice(0, -1) : ids;
    const known = logprobs ? choice.logprobs?.content.map(({ logprob }) => logprob) : null;
    yield* spreadBytes(tokens, choice.text ?? '', known);
    assertNotAborted(client.server, choice.finish_reason);
    if (choice.finish_reason != null) finish = ended ? 'stop' : 'length';
  }
  return saidReason(client.server, finish);
}
