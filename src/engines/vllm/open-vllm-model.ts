import { HttpClient } from '../http/http-client.ts';
import { assertServedTokenizer, SCRIPTS_PROBE } from '../network/assert-served-tokenizer.ts';
import { chooseModel } from '../network/choose-model.ts';
import { closeOnFailure } from '../network/close-on-failure.ts';
import { openLocalTokenizer } from '../network/local-tokenizer.ts';
import { NetworkModel, type ServerDialect } from '../network/network-model.ts';
import type { NetworkModelOptions } from '../network/network-model-options.ts';
import type { NetworkTokenizer } from '../network/network-tokenizer.ts';
import { probeScoring } from '../network/probe-scoring.ts';
import { findScaleOut } from './find-scale-out.ts';
import { scaleOutDialect } from './scale-out-dialect.ts';
import { vllmDialect } from './vllm-dialect.ts';
import { modelList, tokenized } from './vllm-replies.ts';
import { openVllmTokenizer } from './vllm-tokenizer.ts';

const DEFAULT_CONTEXT = 4096;

/**
 * A base model on a vLLM server.
 *
 * @throws EngineError where the server can't be reached or does not have the model, CapabilityError where it can't score
 */
export async function openVllmModel(options: NetworkModelOptions): Promise<NetworkModel> {
  const { address, signal } = options;
  const url = address.url.replace(/\/v1$/, '');
  const client = new HttpClient({ ...options, engine: 'vllm', url });
  return await closeOnFailure(client, async () => {
    const list = await client.get('/v1/models', modelList, { signal });
    const model = chooseModel(list.data, address.model, client.server);
    const tokenizer = options.tokenizer
      ? await openGivenTokenizer(client, model.id, options.tokenizer, signal)
      : await openVllmTokenizer(client, model.id, { signal });
    const opened = new NetworkModel({
      id: model.id,
      // Room for the one token that a scoring has to write.
      contextLength: Math.min((model.max_model_len ?? DEFAULT_CONTEXT) - 1, options.contextLength ?? Infinity),
      client,
      tokenizer,
      dialect: await openDialect(client, model.id, tokenizer, signal),
    });
    await probeScoring(opened, client.server, signal && { signal });
    return opened;
  });
}

async function openGivenTokenizer(
  client: HttpClient,
  model: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<NetworkTokenizer> {
  const tokenizer = await openLocalTokenizer(path);
  const body = { model, prompt: SCRIPTS_PROBE, add_special_tokens: false };
  const asked = client.ask('/tokenize', body, tokenized, { signal });
  await assertServedTokenizer(
    { path, tokenizer },
    client.server,
    asked.then(({ tokens }) => tokens),
  );
  return tokenizer;
}

/** The token endpoint where the server has it enabled, completions otherwise. */
async function openDialect(
  client: HttpClient,
  model: string,
  tokenizer: NetworkTokenizer,
  signal: AbortSignal | undefined,
): Promise<ServerDialect> {
  const [token] = await tokenizer.encode([{ text: 'a', control: false }], { signal });
  const scaleOut = token === undefined ? undefined : await findScaleOut(client, model, token, signal);
  if (!scaleOut) return vllmDialect(client, model);
  return scaleOutDialect(client, { model, scaleOut, text: tokenizer.bytesOf === undefined });
}
