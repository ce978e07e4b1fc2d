import { settingName } from '../../core/setting-name.ts';
import type { DraftPiece, DraftWriter } from '../../core/draft-writer.ts';
import { CapabilityError } from '../../core/errors.ts';
import {
  FINISH_REASONS,
  type FinishReason,
  type GenerateOptions,
  type SamplingParams,
} from '../../core/language-model.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import type { HttpClient } from '../http/http-client.ts';
import { assertNotAborted, saidReason } from '../http/http-failure.ts';
import { assertSampling } from '../network/assert-sampling.ts';
import { parseEvent } from '../network/parse-event.ts';
import { tempersLogprobs } from '../network/tempers-logprobs.ts';
import { chatEvent } from './chat-replies.ts';
import type { ChatServer } from './chat-servers.ts';

export interface ChatWriterParts {
  readonly client: HttpClient;
  /** As the server names it. */
  readonly model: string;
  readonly server: ChatServer;
}

/**
 * A draft behind `POST /chat/completions`, streamed. Leaving it, as at the switch, closes the connection, so that the
 * server stops writing. A piece is what one event brings: mostly one token.
 */
export class ChatWriter implements DraftWriter {
  readonly id: string;
  readonly givesLogprobs: boolean;
  readonly device: string;
  readonly #parts: ChatWriterParts;
  #closing: Promise<void> | undefined;

  constructor(parts: ChatWriterParts) {
    this.id = parts.model;
    this.givesLogprobs = parts.server.givesLogprobs;
    this.device = new URL(parts.client.server.url).origin;
    this.#parts = parts;
  }

  async *write(
    messages: readonly ChatMessage[],
    options: GenerateOptions,
  ): AsyncGenerator<DraftPiece, FinishReason, void> {
    const { client, server } = this.#parts;
    const { signal, maxTokens } = options;
    this.assertSampling(options);
    this.#assertOwnLogprobs(options);
    const body = { ...this.#request(messages, options), ...server.extras(options) };
    if (maxTokens === 0) return 'length';
    let finish: FinishReason | undefined;
    for await (const event of client.stream('/chat/completions', body, { signal })) {
      const [choice] = parseEvent(event, chatEvent, client.server).choices;
      signal?.throwIfAborted();
      if (choice?.delta?.content) yield toPiece(choice.delta.content, choice.logprobs?.content);
      assertNotAborted(client.server, choice?.finish_reason);
      if (choice?.finish_reason != null)
        finish = FINISH_REASONS.find((reason) => reason === choice.finish_reason) ?? 'stop';
    }
    return saidReason(client.server, finish);
  }

  assertSampling(sampling: SamplingParams): void {
    const { client, server } = this.#parts;
    assertSampling(client.server.engine, server.unsupported, sampling);
  }

  close(): Promise<void> {
    this.#closing ??= this.#parts.client.close();
    return this.#closing;
  }

  #assertOwnLogprobs({ logprobs, temperature }: GenerateOptions): void {
    const { client, server } = this.#parts;
    if (!logprobs || !server.tempersLogprobs || !tempersLogprobs(temperature)) return;
    throw new CapabilityError(
      'tempered-logprobs',
      `A draft on ${client.server.engine}: tells its logprobs after the temperature, which the criterion "relative" can't use: choose ${settingName('temperature')} 0 or 1, another criterion, or a draft on vllm: or llama-server:.`,
    );
  }

  #request(messages: readonly ChatMessage[], options: GenerateOptions): object {
    const { temperature, topP = 1, seed, maxTokens, logprobs = false } = options;
    return {
      model: this.#parts.model,
      messages,
      stream: true,
      max_tokens: maxTokens,
      temperature,
      top_p: topP,
      ...(seed !== undefined && { seed }),
      ...(logprobs && { logprobs: true }),
      ...this.#continuation(messages),
    };
  }

  #continuation(messages: readonly ChatMessage[]): object {
    if (messages.at(-1)?.role !== 'assistant') return {};
    const { client, server } = this.#parts;
    if (server.continues) return server.continues;
    throw new CapabilityError(
      'no-continuation',
      `A chat endpoint (${client.server.engine}:) begins each answer anew: end ${settingName('messages')} with the user's message.`,
    );
  }
}

function toPiece(text: string, tokens: readonly { readonly logprob: number }[] | null | undefined): DraftPiece {
  if (!tokens?.length) return { text };
  return {
    text,
    logprob: Math.min(
      tokens.reduce((sum, { logprob }) => sum + logprob, 0),
      0,
    ),
  };
}
