import { HttpClient } from '../http/http-client.ts';
import { chooseModel } from '../network/choose-model.ts';
import { closeOnFailure } from '../network/close-on-failure.ts';
import type { NetworkModelOptions } from '../network/network-model-options.ts';
import { apiUrl } from './api-url.ts';
import { chatModelList } from './chat-replies.ts';
import { CHAT_SERVERS } from './chat-servers.ts';
import { ChatWriter } from './chat-writer.ts';

export interface ChatWriterOptions extends NetworkModelOptions {
  /** `chat` for any server; a server's own kind knows more settings. */
  readonly engine: string;
}

/**
 * A draft behind a chat endpoint. The address is the base URL of the API, as in other clients; without a path, `/v1`.
 *
 * @throws EngineError where the server can't be reached, ConfigError where it has several models and none is named
 */
export async function openChatWriter(options: ChatWriterOptions): Promise<ChatWriter> {
  const { address, engine, signal } = options;
  const client = new HttpClient({ ...options, url: apiUrl(address.url) });
  return await closeOnFailure(client, async () => {
    // A named model may be one that the server does not list.
    const model =
      address.model ??
      chooseModel((await client.get('/models', chatModelList, { signal })).data, undefined, client.server).id;
    return new ChatWriter({ client, model, server: CHAT_SERVERS[engine] ?? CHAT_SERVERS['chat']! });
  });
}
