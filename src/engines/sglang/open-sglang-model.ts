import { settingName } from '../../core/setting-name.ts';
import { ConfigError } from '../../core/errors.ts';
import { HttpClient } from '../http/http-client.ts';
import { answered } from '../network/answered.ts';
import { assertServedTokenizer, SCRIPTS_PROBE } from '../network/assert-served-tokenizer.ts';
import { chooseModel } from '../network/choose-model.ts';
import { closeOnFailure } from '../network/close-on-failure.ts';
import { openLocalTokenizer } from '../network/local-tokenizer.ts';
import { NetworkModel } from '../network/network-model.ts';
import type { NetworkModelOptions } from '../network/network-model-options.ts';
import { probeScoring } from '../network/probe-scoring.ts';
import { sglangDialect } from './sglang-dialect.ts';
import { sglangModelList, sglangServerInfo, sglangTokenized } from './sglang-replies.ts';

const DEFAULT_CONTEXT = 4096;

/** Of its context, SGLang leaves a prompt all but these, and to a prompt and its response one or more of them. */
const RESERVED_TOKENS = 7;

/**
 * A base model on an SGLang server. Its API does not tell the bytes of tokens, so the model's tokenizer.json is needed.
 *
 * @throws ConfigError without a tokenizer, EngineError where the server can't be reached, CapabilityError where it
 * does not score
 */
export async function openSglangModel(options: NetworkModelOptions): Promise<NetworkModel> {
  const { address, signal } = options;
  if (options.tokenizer === undefined) {
    throw new ConfigError(
      'no-tokenizer',
      `SGLang does not tell the bytes of its tokens: give the model's tokenizer.json with ${settingName('tokenizer')}.`,
    );
  }
  const path = options.tokenizer;
  const tokenizer = await openLocalTokenizer(path);
  const client = new HttpClient({ ...options, engine: 'sglang', url: address.url.replace(/\/v1$/, '') });
  return await closeOnFailure(client, async () => {
    const { data } = await client.get('/v1/models', sglangModelList, { signal });
    const model = chooseModel(data, address.model, client.server);
    const body = { model: model.id, prompt: SCRIPTS_PROBE, add_special_tokens: false };
    const asked = client.ask('/tokenize', body, sglangTokenized, { signal });
    const ids = asked.then(({ tokens }) => tokens);
    await assertServedTokenizer({ path, tokenizer }, client.server, ids);
    const opened = new NetworkModel({
      id: model.id,
      contextLength: Math.min(await longestText(client, model, signal), options.contextLength ?? Infinity),
      client,
      tokenizer,
      dialect: sglangDialect(client),
    });
    await probeScoring(opened, client.server, signal && { signal });
    return opened;
  });
}

/** What can be scored at once: fewer tokens than its context has where the memory of its cache is small. */
async function longestText(
  client: HttpClient,
  { max_model_len }: { readonly max_model_len?: number | null | undefined },
  signal: AbortSignal | undefined,
): Promise<number> {
  const info = await answered(client.get('/server_info', sglangServerInfo, { signal }));
  return info ? info.max_req_input_len - 1 : (max_model_len ?? DEFAULT_CONTEXT) - RESERVED_TOKENS;
}
