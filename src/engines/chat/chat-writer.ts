import { settingName } from '../../core/setting-name.ts';
import type { DraftPiece, DraftWriter } from '../../core/draft-writer.ts';
import { CapabilityError } from '../../core/errors.ts';
import {
  MODEL_FINISH_REASONS,
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
import { MaxTokensField } from './max-tokens-field.ts';

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
  readonly #maxTokensField = new MaxTokensField();

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
    this.assertSampling(options);
    this.#assertOwnLogprobs(options);
    const request = this.#request(withoutEmptyBeginning(messages), options);
    if (options.maxTokens === 0) return 'length';
    const patience = this.#parts.client.patience();
    const pieces = this.#read(request, options.maxTokens, patience.or(options.signal));
    try {
      for (;;) {
        const next = await patience.wait(() => pieces.next());
        if (next.done) return next.value;
        if (next.value !== 'thinking') yield next.value;
      }
    } finally {
      await pieces.return('stop');
    }
  }

  /** Pieces of text, and signs of life from a model that does not write yet. */
  async *#read(
    request: object,
    maxTokens: number,
    signal: AbortSignal,
  ): AsyncGenerator<DraftPiece | 'thinking', FinishReason, void> {
    const { server } = this.#parts.client;
    let finish: FinishReason | undefined;
    for await (const event of this.#stream(request, maxTokens, signal)) {
      const [choice] = parseEvent(event, chatEvent, server).choices;
      signal.throwIfAborted();
      const { content, reasoning_content, reasoning } = choice?.delta ?? {};
      if (content) yield toPiece(content, choice?.logprobs?.content);
      else if (reasoning_content || reasoning) yield 'thinking';
      assertNotAborted(server, choice?.finish_reason);
      if (choice?.finish_reason != null)
        finish = MODEL_FINISH_REASONS.find((reason) => reason === choice.finish_reason) ?? 'stop';
    }
    return saidReason(server, finish);
  }

  async *#stream(request: object, maxTokens: number, signal: AbortSignal): AsyncGenerator<unknown, void, void> {
    const { client } = this.#parts;
    const ask = () =>
      client.stream('/chat/completions', { ...request, ...this.#maxTokensField.of(maxTokens) }, { signal });
    try {
      yield* ask();
    } catch (error) {
      if (!this.#maxTokensField.learnsFrom(error)) throw error;
      yield* ask();
    }
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
    const { temperature, topP = 1, seed, logprobs = false } = options;
    return {
      model: this.#parts.model,
      messages,
      stream: true,
      temperature,
      top_p: topP,
      ...(seed !== undefined && { seed }),
      ...(logprobs && { logprobs: true }),
      ...this.#continuation(messages),
      ...this.#parts.server.extras(options),
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

/** An answer that begins with nothing begins anew. */
function withoutEmptyBeginning(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = messages.at(-1);
  return last?.role === 'assistant' && last.content === '' ? messages.slice(0, -1) : messages;
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
