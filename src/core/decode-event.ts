import type { FinishReason, TokenId } from './language-model.ts';

export type TokenSource = 'draft' | 'base';

/**
 * Why the base took over: `confident`, the criterion was met; `draft-ended`, the draft ended its turn before that;
 * `draft-limit`, it reached its limit before that.
 */
export type SwitchReason = 'confident' | 'draft-ended' | 'draft-limit';

export interface DecodeStartEvent {
  readonly type: 'decode-start';
  readonly strategy: string;
  readonly models: { readonly base?: string; readonly draft?: string };
}

/** One token of the response. Nothing that was emitted is ever taken back. */
export interface TokenEvent {
  readonly type: 'token';
  /** In the base's vocabulary; in the draft's for the strategy `draft`; unknown from some chat endpoints. */
  readonly id: TokenId | undefined;
  /** Whole characters; empty while a character is unfinished. The texts of all events concatenate to the response. */
  readonly text: string;
  readonly source: TokenSource;
  /**
   * ln P before temperature: the base's, of a drafted token; where the request asks for logprobs, also of one that the
   * base wrote. The draft's own where the draft writes alone.
   */
  readonly logprob?: number;
  /** The criterion's value at a drafted token (g_i for the paper's), once its window is full. */
  readonly window?: number;
}

export interface ModelSwitchEvent {
  readonly type: 'model-switch';
  /** k: how many base tokens were kept from the draft. */
  readonly index: number;
  readonly reason: SwitchReason;
  /** How many tokens the draft wrote in all, in its own vocabulary. */
  readonly draftTokens: number;
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
}

/** Wall-clock milliseconds; `firstTokenMs` is undefined for an empty response. */
export interface Timings {
  readonly firstTokenMs: number | undefined;
  readonly draftMs: number;
  readonly scoreMs: number;
  readonly baseMs: number;
  readonly totalMs: number;
}

export type DecodeEvent = DecodeStartEvent | TokenEvent | ModelSwitchEvent | DecodeEndEvent;

/** The fold of all events of one response. */
export interface DecodeTrace {
  readonly text: string;
  readonly strategy: string;
  readonly models: { readonly base?: string; readonly draft?: string };
  /** Undefined for strategies without a switch, and for a response that ended within the draft. */
  readonly switch: Omit<ModelSwitchEvent, 'type'> | undefined;
  readonly tokens: readonly Omit<TokenEvent, 'type'>[];
  readonly usage: Usage;
  readonly timings: Timings;
  readonly finishReason: FinishReason;
}
