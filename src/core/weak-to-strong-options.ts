import type { DraftWriter } from './draft-writer.ts';
import type { LanguageModel } from './language-model.ts';
import type { PromptFormat } from './prompt-format.ts';
import type { SwitchCriterion } from './switch-criterion.ts';

export interface WeakToStrongOptions {
  readonly draft: DraftWriter;
  readonly base: LanguageModel;
  readonly baseFormat: PromptFormat;
  /** Default: the paper's, `windowedConfidence({ window: 6, threshold: 0.8 })`. */
  readonly criterion?: SwitchCriterion;
  /** Most drafted tokens, in the draft's vocabulary. Default: 512, the paper's. */
  readonly maxDraftTokens?: number;
  /**
   * Draft tokens between two scorings. A setting of speed only: the response does not depend on it. Default: by what
   * chunks took so far, see `chunkSchedule` and `chunkSize`.
   */
  readonly chunkTokens?: number;
  /** What follows a draft that the base never took over. Default: `continue`, the paper's. */
  readonly onNoSwitch?: 'continue' | 'stop';
}
