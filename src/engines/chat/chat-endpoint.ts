import type { ChatMessage } from '../../core/prompt-format.ts';
import type { HttpClient } from '../http/http-client.ts';
import { assertNotAborted } from '../http/http-failure.ts';
import { withoutKey } from '../http/without-key.ts';
import { type ChatAnswer, chatAnswer } from './chat-replies.ts';
import { MaxTokensField } from './max-tokens-field.ts';

export interface ChatQuestion {
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  readonly temperature: number;
  /** So many of the likeliest tokens at each place, with their logprobs. Default: 0, none. */
  readonly topLogprobs?: number | undefined;
}

/** A model behind `POST /chat/completions` that is asked for whole answers. */
export class ChatEndpoint {
  readonly #client: HttpClient;
  readonly #maxTokensField = new MaxTokensField();
  /** As the server names it. */
  readonly model: string;

  /** @param client of the base URL of the API, such as `https://host/v1` */
  constructor(client: HttpClient, model: string) {
    this.#client = client;
    this.model = model;
  }

  /** The base URL of the API, without credentials. */
  get url(): string {
    return this.#client.server.url;
  }

  /** @throws EngineError; AbortError */
  async ask(question: ChatQuestion, signal?: AbortSignal): Promise<ChatAnswer> {
    try {
      return await this.#send(question, signal);
    } catch (error) {
      if (!this.#maxTokensField.learnsFrom(error)) throw error;
      return await this.#send(question, signal);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #send(
    { messages, maxTokens, temperature, topLogprobs = 0 }: ChatQuestion,
    signal: AbortSignal | undefined,
  ): Promise<ChatAnswer> {
    const body = {
      model: this.model,
      messages,
      temperature,
      ...this.#maxTokensField.of(maxTokens),
      ...(topLogprobs > 0 && { logprobs: true, top_logprobs: topLogprobs }),
    };
    const answer = await this.#client.ask('/chat/completions', body, chatAnswer, { signal });
    const { server } = this.#client;
    assertNotAborted(server, answer.finishReason);
    const { text, refusal } = answer;
    return {
      ...answer,
      text: withoutKey(server.key, text),
      refusal: refusal === undefined ? undefined : withoutKey(server.key, refusal),
    };
  }
}
