import type { ModelInfo, TokenId } from './language-model.ts';
import type { PromptText } from './prompt-format.ts';

/** A model that says a number of a whole text: what a reward model is before anybody formats a conversation for it. */
export interface SequenceScorer {
  readonly id: string;
  readonly info: ModelInfo;
  /** Tokens of the joined segments; control tokens are recognised in `control` segments only. */
  encode(text: PromptText): Promise<TokenId[]>;
  /**
   * One number for each sequence, in order; several at once cost less where they begin alike.
   *
   * @param sequences each at least one token
   * @throws AbortError, ContextOverflowError, EngineError
   */
  scoreSequences(
    sequences: readonly (readonly TokenId[])[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<number[]>;
  close(): Promise<void>;
}
