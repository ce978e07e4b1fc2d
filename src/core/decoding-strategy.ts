import type { DecodeEvent } from './decode-event.ts';
import type { DecodeTrace } from './decode-trace.ts';
import type { SamplingParams } from './language-model.ts';
import type { ChatMessage } from './prompt-format.ts';

/** What one caller asks for. What a strategy is made of (models, criterion, limits of the draft) is not in here. */
export interface DecodeRequest {
  /** At least one message, the last one from the user. */
  readonly messages: readonly ChatMessage[];
  /** Used by every model that writes. Default: greedy, as in the paper. */
  readonly sampling?: SamplingParams;
  /**
   * Most tokens from the model that finishes the response: the base, or the draft where it writes alone. A whole
   * number ≥ 0. Default: 2048 (the paper's), or what the context leaves if that is less.
   */
  readonly maxTokens?: number;
  /** Most tokens of the whole response, the draft's kept ones included. A whole number ≥ 1. Default: no such limit. */
  readonly maxResponseTokens?: number;
  /**
   * `stop`: a response that says the same passage of at least 12 tokens three times in a row ends there, with the reason
   * `loop`. Default: `off`.
   */
  readonly onLoop?: 'stop' | 'off';
  /** Texts that end the response, besides those of the prompt's form; never part of it. */
  readonly stop?: readonly string[];
  /**
   * Guess tokens, such as those looked up in the text so far, and verify several at a time, where that is faster; the
   * response does not depend on it. Default: true.
   */
  readonly speculate?: boolean;
  /** True: each token comes with the logprob of the model that judged or wrote it. Default: of drafted tokens only. */
  readonly logprobs?: boolean;
  /**
   * Which drafted tokens come with the base's logprob and the criterion's value: `all`, or `deciding`, those whose logprob
   * the engine needed to know, which is faster on engines with `LanguageModel.judge`. The response does not depend on it.
   * Default: `all`.
   */
  readonly confidences?: 'all' | 'deciding';
  readonly signal?: AbortSignal;
}

/** A way to decode one response. WSD and every baseline implement only this. */
export interface DecodingStrategy {
  readonly name: string;
  /**
   * Streams the response and returns its trace. Returning early stops all models.
   *
   * @throws AbortError when the signal aborts, ConfigError, ContextOverflowError, EngineError
   */
  decode(request: DecodeRequest): AsyncGenerator<DecodeEvent, DecodeTrace, void>;
}
