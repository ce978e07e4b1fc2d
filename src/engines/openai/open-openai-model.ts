import { settingName } from '../../core/setting-name.ts';
import { ConfigError } from '../../core/errors.ts';
import { HttpClient } from '../http/http-client.ts';
import { assertServedTexts, SCRIPTS_PROBE } from '../network/assert-served-tokenizer.ts';
import { chooseModel } from '../network/choose-model.ts';
import { closeOnFailure } from '../network/close-on-failure.ts';
import { openLocalTokenizer } from '../network/local-tokenizer.ts';
import { NetworkModel } from '../network/network-model.ts';
import type { NetworkModelOptions } from '../network/network-model-options.ts';
import { probeScoring } from '../network/probe-scoring.ts';
import { EchoReader } from './echo-reader.ts';
import { openaiDialect } from './openai-dialect.ts';
import { openaiModelList } from './openai-replies.ts';

/** Where neither the server nor the user says. */
const DEFAULT_CONTEXT = 4096;

/**
 * A base model behind legacy completions. The address is the base URL of the API, as in other clients; without a path,
 * `/v1`.
 *
 * @throws ConfigError without a tokenizer, EngineError where the server can't be reached, CapabilityError where it does
 * not return the logprobs of a prompt
 */
export async function openOpenaiModel(options: NetworkModelOptions): Promise<NetworkModel> {
  const { address, signal } = options;
  if (options.tokenizer === undefined) {
    throw new ConfigError(
      'no-tokenizer',
      `A base behind openai: has no tokenizer to ask: give the model's tokenizer.json with ${settingName('tokenizer')}.`,
    );
  }
  const hasPath = new URL(address.url).pathname !== '/';
  const client = new HttpClient({ ...options, engine: 'openai', url: hasPath ? address.url : `${address.url}/v1` });
  const path = options.tokenizer;
  const tokenizer = await openLocalTokenizer(path);
  return await closeOnFailure(client, async () => {
    const { data } = await client.get('/models', openaiModelList, { signal });
    const model = chooseModel(data, address.model, client.server);
    const contextLength = model.max_model_len ?? model.context_length ?? options.contextLength ?? DEFAULT_CONTEXT;
    const echo = new EchoReader(client, model.id);
    const ids = await tokenizer.encode([{ text: SCRIPTS_PROBE, control: false }]);
    const { tokens } = await echo.read(ids, signal);
    await assertServedTexts({ path, tokenizer }, client.server, ids, tokens);
    const opened = new NetworkModel({
      id: model.id,
      // Room for the one token that a scoring has to write.
      contextLength: Math.min(contextLength - 1, options.contextLength ?? Infinity),
      client,
      tokenizer,
      dialect: openaiDialect(client, model.id, tokenizer, echo),
    });
    await probeScoring(opened, client.server, signal && { signal });
    return opened;
  });
}
