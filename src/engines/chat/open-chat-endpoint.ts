import { HttpClient, type HttpClientOptions } from '../http/http-client.ts';
import { chooseModel } from '../network/choose-model.ts';
import { closeOnFailure } from '../network/close-on-failure.ts';
import { apiUrl } from './api-url.ts';
import { ChatEndpoint } from './chat-endpoint.ts';
import { chatModelList } from './chat-replies.ts';

export interface ChatEndpointOptions extends HttpClientOptions {
  /** As the server names it; undefined: the one that it has. */
  readonly model: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A chat endpoint for whole answers. The address is the base URL of the API; without a path, `/v1`.
 *
 * @throws EngineError where the server can't be reached, ConfigError where it has several models and none is named
 */
export async function openChatEndpoint(options: ChatEndpointOptions): Promise<ChatEndpoint> {
  const { model, signal } = options;
  const client = new HttpClient({ ...options, url: apiUrl(options.url) });
  return await closeOnFailure(client, async () => {
    // A named model may be one that the server does not list.
    if (model !== undefined) return new ChatEndpoint(client, model);
    const { data } = await client.get('/models', chatModelList, { signal });
    return new ChatEndpoint(client, chooseModel(data, undefined, client.server).id);
  });
}
