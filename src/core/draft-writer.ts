import type { CallOptions, FinishReason, GenerateOptions, SamplingParams, TokenId } from './language-model.ts';
import type { ChatMessage } from './prompt-format.ts';

/** One drafted token: its text (whole characters only, possibly none yet) and, where the engine tells it, its id. */
export interface DraftPiece {
  readonly text: string;
  readonly token?: TokenId;
  /** The draft's own ln P of this token, where `logprobs` were asked for. */
  readonly logprob?: number;
}

export interface PromptMeasure {
  readonly promptTokens: number;
  readonly contextLength: number;
}

/** The aligned model's side: all it has to do is write text. Every chat endpoint can. */
export interface DraftWriter {
  readonly id: string;
  /** What computes it, e.g. a server's origin. A draft and a base on two known devices work at the same time. */
  readonly device?: string;
  /** Pieces have their logprob when the options ask for it. */
  readonly givesLogprobs?: boolean;
  /** True: a trailing assistant message is the beginning of the answer, which it goes on from. */
  readonly continuesAnswers?: boolean;
  /** Tokens of its context, where its engine tells. */
  readonly contextLength?: number;
  /** @throws CapabilityError for settings that its engine can't follow: to be asked before any work */
  assertSampling?(sampling: SamplingParams): void;
  /** How much of its context a conversation takes; undefined where the engine does not tell. */
  measure?(messages: readonly ChatMessage[], options?: CallOptions): Promise<PromptMeasure>;
  /** @returns `stop` when the model ended its turn, `length` at `maxTokens` */
  write(messages: readonly ChatMessage[], options: GenerateOptions): AsyncGenerator<DraftPiece, FinishReason, void>;
  close(): Promise<void>;
}
