import type { FinishReason, TokenId } from './language-model.ts';
import type { FormattedPrompt } from './prompt-format.ts';

/** Which side wrote a token: the aligned model (the draft, or the aligner of that strategy), or the base. */
export type TokenSource = 'draft' | 'base';

export const SWITCH_REASONS = ['confident', 'draft-ended', 'draft-limit', 'draft-filtered', 'draft-empty'] as const;

/**
 * Why the base took over: `confident`, the criterion was met; `draft-ended`, the draft ended its turn before that;
 * `draft-limit`, it reached its limit before that; `draft-filtered`, its server's filter cut it before that;
 * `draft-empty`, it came to its end without any text (nothing at all, blanks, or a reasoning that was not shown).
 */
export type SwitchReason = (typeof SWITCH_REASONS)[number];

/** Names of the models that a response is made by. */
export interface ModelNames {
  readonly base?: string;
  readonly draft?: string;
  readonly reward?: string;
  readonly aligner?: string;
}

export interface DecodeStartEvent {
  readonly type: 'decode-start';
  readonly strategy: string;
  readonly models: ModelNames;
}

/** One token of the response. Nothing that was emitted is ever taken back. */
export interface TokenEvent {
  readonly type: 'token';
  /** In the base's vocabulary; in their own for `draft` and `aligner`; unknown from some chat endpoints. */
  readonly id: TokenId | undefined;
  /** Whole characters; empty while a character is unfinished. The texts of all events concatenate to the response. */
  readonly text: string;
  readonly source: TokenSource;
  /**
   * ln P before temperature: the base's, of a drafted token; where the request asks for logprobs, also of one that the
   * base wrote. The draft's own where the draft writes alone. See also `DecodeRequest.confidences`.
   */
  readonly logprob?: number;
  /** The criterion's value at a drafted token (g_i for the paper's), once its window is full. */
  readonly window?: number;
}

/** The base takes over from the draft: once in WSD; again after each `hand-back`, where a strategy has those. */
export interface ModelSwitchEvent {
  readonly type: 'model-switch';
  /** k: how many base tokens were kept from the draft, since the hand-back where there was one. */
  readonly index: number;
  readonly reason: SwitchReason;
  /** How many tokens the draft wrote in all, in its own vocabulary. */
  readonly draftTokens: number;
}

/** The draft writes on after the base: `unsure`, the base lost its confidence; `rejected`, its text was taken back. */
export interface HandBackEvent {
  readonly type: 'hand-back';
  readonly reason: 'unsure' | 'rejected';
  /** Tokens of the response before it. */
  readonly index: number;
  /** Tokens of the base that were taken back before anyone saw them. */
  readonly discardedTokens: number;
}

export interface DecodeEndEvent {
  readonly type: 'decode-end';
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly timings: Timings;
  readonly trace: DecodeTrace;
}

/** Token counts: prompt, kept and base tokens in the base's vocabulary, drafted ones in the draft's. */
export interface Usage {
  readonly promptTokens: number;
  readonly draftTokens: number;
  readonly keptDraftTokens: number;
  readonly baseTokens: number;
  /** promptTokens + keptDraftTokens + baseTokens. */
  readonly totalTokens: number;
  /**
   * What a strategy had written and did not keep, in the tokens of the model that wrote it: other samples, rejected
   * segments, text taken back. Only from strategies that do so; drafted tokens past the switch are no part of it.
   */
  readonly discardedTokens?: number;
}

/** Wall-clock milliseconds; `firstTokenMs` is undefined for an empty response. */
export interface Timings {
  readonly firstTokenMs: number | undefined;
  readonly draftMs: number;
  readonly scoreMs: number;
  readonly baseMs: number;
  readonly totalMs: number;
}

export type DecodeEvent = DecodeStartEvent | TokenEvent | ModelSwitchEvent | HandBackEvent | DecodeEndEvent;

/** The fold of all events of one response. */
export interface DecodeTrace {
  readonly text: string;
  readonly strategy: string;
  readonly models: ModelNames;
  /** What the base read before the response. Undefined where no base took part. */
  readonly prompt?: FormattedPrompt;
  /** The first one. Undefined for strategies without a switch, and for a response that ended within the draft. */
  readonly switch: Omit<ModelSwitchEvent, 'type'> | undefined;
  /** Only where there were any. */
  readonly handBacks?: readonly Omit<HandBackEvent, 'type'>[];
  readonly tokens: readonly Omit<TokenEvent, 'type'>[];
  readonly usage: Usage;
  readonly timings: Timings;
  readonly finishReason: FinishReason;
}
