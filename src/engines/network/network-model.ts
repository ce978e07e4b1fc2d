import { ContextOverflowError } from '../../core/errors.ts';
import type {
  CallOptions,
  FinishReason,
  GeneratedToken,
  GenerateOptions,
  LanguageModel,
  ModelCapabilities,
  ModelInfo,
  NextTokens,
  SamplingParams,
  TokenId,
  TokenScore,
} from '../../core/language-model.ts';
import type { PromptText } from '../../core/prompt-format.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure } from '../http/http-failure.ts';
import { assertSampling } from './assert-sampling.ts';
import { NextTokenReader, type NextTokenSource } from './next-token-reader.ts';
import type { NetworkTokenizer } from './network-tokenizer.ts';

export interface ScoreOptions extends CallOptions {
  readonly statistics?: boolean;
}

/** What differs from one kind of server to the next. Calls have been checked: a prefix, and room in the context. */
export interface ServerDialect {
  readonly capabilities: ModelCapabilities;
  /** Settings that the server can't follow, or follows in another sense. */
  readonly unsupported: readonly (keyof SamplingParams)[];
  score(prefix: readonly TokenId[], continuation: readonly TokenId[], options: ScoreOptions): Promise<TokenScore[]>;
  generate(prefix: readonly TokenId[], options: GenerateOptions): AsyncGenerator<GeneratedToken, FinishReason, void>;
  /** Where the server tells the ids of likely next tokens. */
  readonly nextTokens?: NextTokenSource;
}

export interface NetworkModelParts {
  readonly id: string;
  /** Most tokens of a prompt and its response. */
  readonly contextLength: number;
  readonly client: HttpClient;
  readonly tokenizer: NetworkTokenizer;
  readonly dialect: ServerDialect;
}

/** A model behind a server. */
export class NetworkModel implements LanguageModel {
  readonly id: string;
  readonly info: ModelInfo;
  readonly capabilities: ModelCapabilities;
  readonly device: string;
  /** Where the dialect has it. */
  readonly nextTokens?: NonNullable<LanguageModel['nextTokens']>;
  readonly #parts: NetworkModelParts;
  #closing: Promise<void> | undefined;

  constructor(parts: NetworkModelParts) {
    const { id, contextLength, client, tokenizer, dialect } = parts;
    const { vocabularySize, bosText, addsBos, eosText, controlTexts, chatTemplate } = tokenizer;
    this.#parts = parts;
    this.id = id;
    this.capabilities = { ...dialect.capabilities, nextTokens: dialect.nextTokens !== undefined };
    if (dialect.nextTokens) {
      const reader = new NextTokenReader(dialect.nextTokens, tokenizer);
      this.nextTokens = (prefix, count, options) => this.#nextTokens(reader, prefix, count, options);
    }
    this.device = new URL(client.server.url).origin;
    this.info = {
      contextLength,
      controlTexts,
      addsBos,
      ...(vocabularySize !== undefined && { vocabularySize }),
      ...(bosText !== undefined && { bosText }),
      ...(eosText !== undefined && { eosText }),
      ...(chatTemplate !== undefined && { chatTemplate }),
    };
  }

  async encode(text: PromptText, options: CallOptions = {}): Promise<TokenId[]> {
    options.signal?.throwIfAborted();
    return await this.#parts.tokenizer.encode(text, options);
  }

  async decode(tokens: readonly TokenId[], options: CallOptions = {}): Promise<Uint8Array[]> {
    options.signal?.throwIfAborted();
    return await this.#parts.tokenizer.decode(tokens, options);
  }

  async score(
    prefix: readonly TokenId[],
    continuation: readonly TokenId[],
    options: ScoreOptions = {},
  ): Promise<TokenScore[]> {
    options.signal?.throwIfAborted();
    this.#assertRoom(prefix, continuation.length);
    if (continuation.length === 0) return [];
    return await this.#parts.dialect.score(prefix, continuation, options);
  }

  async *generate(
    prefix: readonly TokenId[],
    options: GenerateOptions,
  ): AsyncGenerator<GeneratedToken, FinishReason, void> {
    const { client, dialect, tokenizer } = this.#parts;
    const { bytesOf } = tokenizer;
    const patience = client.patience();
    const signal = patience.or(options.signal);
    signal.throwIfAborted();
    this.#assertRoom(prefix, 0);
    this.assertSampling(options);
    const maxTokens = Math.min(options.maxTokens, this.info.contextLength - prefix.length);
    if (maxTokens === 0) return 'length';
    const tokens = dialect.generate(prefix, { ...options, maxTokens, signal });
    try {
      for (let count = 0; count < maxTokens; count++) {
        const next = await patience.wait(() => tokens.next());
        if (next.done) return next.value;
        signal.throwIfAborted();
        yield bytesOf ? { ...next.value, bytes: bytesOf(next.value.token) } : next.value;
      }
      return 'length';
    } finally {
      await tokens.return('stop');
    }
  }

  assertSampling(sampling: SamplingParams): void {
    const { client, dialect } = this.#parts;
    assertSampling(client.server.engine, dialect.unsupported, sampling);
  }

  close(): Promise<void> {
    this.#closing ??= this.#parts.client.close();
    return this.#closing;
  }

  async #nextTokens(
    reader: NextTokenReader,
    prefix: readonly TokenId[],
    count: number,
    options: CallOptions = {},
  ): Promise<NextTokens> {
    options.signal?.throwIfAborted();
    this.#assertRoom(prefix, 0);
    const candidates = await reader.read(prefix, count, options);
    if (candidates.length === 0) throw replyFailure(this.#parts.client.server, 'no next token');
    return { candidates };
  }

  #assertRoom(prefix: readonly TokenId[], more: number): void {
    if (prefix.length === 0) throw new RangeError('A model needs at least one token of prefix.');
    const tokens = prefix.length + more;
    const { contextLength } = this.info;
    if (tokens <= contextLength) return;
    throw new ContextOverflowError(
      'context-full',
      `${tokens} tokens do not fit the context of ${this.id}, which holds ${contextLength}: ask for fewer, or serve it with a longer context.`,
    );
  }
}
