import type { SamplingParams } from '../core/language-model.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import type { SwitchCriterion } from '../core/switch-criterion.ts';
import type { StrategyName } from './create-strategy.ts';

/** One response, in a user's words. Give `prompt`, or `messages` for a conversation. */
export interface DecodeOptions extends Partial<SamplingParams> {
  readonly prompt?: string | undefined;
  readonly messages?: readonly ChatMessage[] | undefined;
  /** A system message put first. */
  readonly system?: string | undefined;
  /** Default: `wsd`. */
  readonly strategy?: StrategyName | undefined;
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
  /** Most tokens of the whole response, whoever writes them, a whole number ≥ 0. Default: no limit of its own. */
  readonly maxResponseTokens?: number | undefined;
  readonly onNoSwitch?: 'continue' | 'stop' | undefined;
  /** Draft tokens between two scorings; speed only. Default: see `weakToStrong`. */
  readonly chunkTokens?: number | undefined;
  /** Verify looked-up tokens several at a time; speed only. Default: true. */
  readonly speculate?: boolean | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}
