import type { LanguageModel } from '../../core/language-model.ts';
import type { PromptText } from '../../core/prompt-format.ts';

/** Opens the model anew; each test closes what it opened. */
export type OpenModel = () => Promise<{ readonly model: LanguageModel; close(): Promise<void> }>;

export interface ConformanceFixtures {
  /** A prompt after which greedy decoding writes at least eight tokens before it ends. */
  readonly prompt: PromptText;
  /** Text that follows the prompt, of at least six tokens. Need not be likely. */
  readonly continuation: string;
  /** Texts that must survive encode and decode, besides the suite's own. */
  readonly texts?: readonly string[];
  /** How far two ways to the same logprob may differ, in nats: batch shapes round differently. Default: 1e-9. */
  readonly toleranceNats?: number;
  /** Settings that the engine can't follow, and why: their tests are skipped by that reason. */
  readonly lacks?: { readonly seed?: string; readonly topK?: string };
}
