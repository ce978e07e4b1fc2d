import type { DraftJudge } from './draft-judge.ts';
import type { PromptText } from './prompt-format.ts';
import type { Statistics } from './statistics.ts';
import type { SwitchCriterion } from './switch-criterion.ts';
import type { TokenProposer } from './speculation/token-proposer.ts';
import type { TokenId } from './token-id.ts';
import type { TokenScore } from './token-score.ts';

export type { TokenId, TokenScore };

/** How a model chooses its next token. Unset values are the model's plain distribution. */
export interface SamplingParams {
  /** 0 is exact greedy decoding. */
  readonly temperature: number;
  /** (0, 1]; 1 keeps all tokens. */
  readonly topP?: number;
  /** A whole number ≥ 0; 0 keeps all tokens. */
  readonly topK?: number;
  /** [0, 1]; 0 keeps all tokens. */
  readonly minP?: number;
  /** > 0; 1 is no penalty. Applied to the last 64 tokens. */
  readonly repetitionPenalty?: number;
  /** 0 to 2³² − 1. Unset: a new random one each time. */
  readonly seed?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface GenerateOptions extends SamplingParams {
  /** A whole number ≥ 0. */
  readonly maxTokens: number;
  /** Guesses that an engine may verify to go faster; what is generated does not depend on them. For this text only. */
  readonly proposers?: readonly TokenProposer[];
  /**
   * A guess at how the text goes on after `prefix` that was scored already: an engine that still has those rows of
   * logits verifies it without a forward pass. What is generated does not depend on it.
   */
  readonly expected?: readonly TokenId[];
  /** True: give each token's logprob. Only from an engine with `capabilities.generatedLogprobs`. */
  readonly logprobs?: boolean;
  /** Texts past which nobody will read: an engine need not write ahead of them. What is generated does not depend on it. */
  readonly stop?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface GeneratedToken {
  readonly token: TokenId;
  /** The token's bytes; they may end, or begin, in the middle of a UTF-8 character. */
  readonly bytes: Uint8Array;
  /** ln P(token | everything before it), before temperature and penalties. Only where it was asked for. */
  readonly logprob?: number;
}

/** A token that may come next. */
export interface NextToken extends GeneratedToken {
  /** ln P(token | prefix): natural log, ≤ 0, before temperature. */
  readonly logprob: number;
  /** True: choosing it ends the text; it has no bytes, and `generate` would not yield it. */
  readonly ends: boolean;
}

/** The head of the distribution of the next token. */
export interface NextTokens {
  /** The most likely first; the lowest id of equals. At least one. */
  readonly candidates: readonly NextToken[];
  /** Entropy of the whole distribution in nats. Only from an engine whose `capabilities.statistics` name it. */
  readonly entropy?: number;
}

/** What a model can end with. */
export const MODEL_FINISH_REASONS = ['stop', 'length', 'content_filter'] as const;

export const FINISH_REASONS = [...MODEL_FINISH_REASONS, 'loop'] as const;

/**
 * `stop`: the model ended by itself. `length`: a limit was reached. `content_filter`: its server's filter cut it. `loop`: the
 * response repeated itself, and was to end there (`onLoop`).
 */
export type FinishReason = (typeof FINISH_REASONS)[number];

export interface ModelInfo {
  /** Most tokens that one prompt and its response may have together. */
  readonly contextLength: number;
  /** Undefined where the engine does not tell. */
  readonly vocabularySize?: number;
  /** Texts of the tokens that begin and end a sequence, where the vocabulary has them. */
  readonly bosText?: string;
  /** True: the model's tokenizer puts `bosText` before a text of its own accord, as the model was trained. Default: false. */
  readonly addsBos?: boolean;
  readonly eosText?: string;
  /** Texts that are single control tokens when a prompt's `control` segment holds them. */
  readonly controlTexts: readonly string[];
  /** The Jinja chat template that came with the model. Untrusted. */
  readonly chatTemplate?: string;
}

export interface ScoreOptions {
  /** True: give what `capabilities.statistics` names as well. */
  readonly statistics?: boolean;
  readonly signal?: AbortSignal;
}

export interface ModelCapabilities {
  /** What `score` gives besides the logprob, where it is asked for. */
  readonly statistics: Statistics;
  /** `score` and `generate` reuse what was computed for a common prefix, so scoring in small chunks costs no more. */
  readonly prefixReuse: boolean;
  /** `generate` gives logprobs where they are asked for. */
  readonly generatedLogprobs?: boolean;
  /** The model has `nextTokens`. */
  readonly nextTokens?: boolean;
}

/**
 * One model behind one engine. Stateless for the caller: a call names the whole prefix, and an engine that keeps state
 * finds it by longest common prefix, so rewinding is asking with a shorter prefix and nothing can leak.
 *
 * Every method rejects with the platform's AbortError when its signal aborts, within one token's work; but an engine that
 * tokenises inside the process need not look at the signal for that.
 */
export interface LanguageModel {
  /** A name for people and traces, such as `gemma-3-270m`. */
  readonly id: string;
  readonly info: ModelInfo;
  readonly capabilities: ModelCapabilities;
  /** What computes it, e.g. a server's origin: models on one device take turns. Undefined where that is not known. */
  readonly device?: string;

  /** Tokens of the joined segments; control tokens are recognised in `control` segments only. */
  encode(text: PromptText, options?: CallOptions): Promise<TokenId[]>;

  /** The bytes of each token; control tokens have none. Concatenated they are the text's UTF-8. */
  decode(tokens: readonly TokenId[], options?: CallOptions): Promise<Uint8Array[]>;

  /**
   * The model's own probability of each given token.
   *
   * @param prefix at least one token
   * @returns one score per token of `continuation`, in order
   */
  score(prefix: readonly TokenId[], continuation: readonly TokenId[], options?: ScoreOptions): Promise<TokenScore[]>;

  /** @throws CapabilityError for settings that its engine can't follow: to be asked before any work */
  assertSampling?(sampling: SamplingParams): void;

  /**
   * Judges a draft as `score` and the criterion would, for less work, for those who need no logprobs. Undefined where the
   * engine has no such way for this criterion, or at all.
   */
  judge?(criterion: SwitchCriterion): DraftJudge | undefined;

  /**
   * Writes on after `prefix` (at least one token), a token per pull. On an engine that shares the machine no more than a
   * few tokens are computed ahead of the reader. The end-of-text token is not yielded. Returning early frees the engine's
   * slot.
   */
  generate(prefix: readonly TokenId[], options: GenerateOptions): AsyncGenerator<GeneratedToken, FinishReason, void>;

  /**
   * What may come after `prefix` (at least one token): the `count` most likely tokens, fewer where fewer are possible.
   * Only from an engine with `capabilities.nextTokens`.
   *
   * @param count a whole number ≥ 1
   */
  nextTokens?(prefix: readonly TokenId[], count: number, options?: CallOptions): Promise<NextTokens>;

  close(): Promise<void>;
}
