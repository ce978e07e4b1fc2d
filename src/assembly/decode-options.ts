import type { StrategyChoice } from './notation/strategies/resolve-strategy.ts';
import type { SamplingParams } from '../core/language-model.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import type { SwitchCriterion } from '../core/switch-criterion.ts';

/** One response, in a user's words. Give `prompt`, or `messages` for a conversation. */
export interface DecodeOptions extends Partial<SamplingParams> {
  readonly prompt?: string | undefined;
  readonly messages?: readonly ChatMessage[] | undefined;
  /** A system message put first. */
  readonly system?: string | undefined;
  /** A name of `STRATEGY_NAMES`, perhaps with numbers: `nudging(threshold=0.3)`; or a decoder of one's own. Default: `wsd`. */
  readonly strategy?: StrategyChoice | undefined;
  /** The text of `urial`'s examples, in place of the project's own. */
  readonly urialExamples?: string | undefined;
  /** γ in (0, 1]. Default: 0.8, the paper's. */
  readonly gamma?: number | undefined;
  /** w, a whole number ≥ 1. Default: 6, the paper's. */
  readonly window?: number | undefined;
  /** In place of `gamma` and `window`: a text such as `boundary(confidence)`, or any criterion, also one's own. */
  readonly criterion?: string | SwitchCriterion | undefined;
  /** Most drafted tokens, a whole number ≥ 0. Default: 512, the paper's. */
  readonly maxDraft?: number | undefined;
  /** Most tokens from the model that finishes, a whole number ≥ 0. Default: 2048, the paper's. */
  readonly maxTokens?: number | undefined;
  /** Most tokens of the whole response, the drafted ones included, a whole number ≥ 1. Default: no such limit. */
  readonly maxResponseTokens?: number | undefined;
  readonly onNoSwitch?: 'continue' | 'stop' | undefined;
  /** Draft tokens between two scorings; speed only. Default: see `weakToStrong`. */
  readonly chunkTokens?: number | undefined;
  /** Guess tokens ahead and verify several at a time; speed only. Default: true. */
  readonly speculate?: boolean | undefined;
  /**
   * Which drafted tokens come with the base's logprob and the criterion's value: `all`, or `deciding`, those at which an
   * upper bound could not rule a switch out, which is faster on the CPU beside a large vocabulary. The response does not
   * depend on it. Default: `all`.
   */
  readonly confidences?: 'all' | 'deciding' | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}
