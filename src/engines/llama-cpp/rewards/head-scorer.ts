import { commonPrefixLength } from '../../../core/common-prefix-length.ts';
import type { ModelInfo, TokenId } from '../../../core/language-model.ts';
import type { PromptText } from '../../../core/prompt-format.ts';
import type { SequenceScorer } from '../../../core/sequence-scorer.ts';
import { modelClosed, notNumbers } from '../failures.ts';
import type { LlamaContext } from '../llama-context.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { HiddenStateContext } from './hidden-state-context.ts';
import { applyHead, type RewardHead } from './reward-head.ts';

export interface HeadScorerParts {
  readonly id: string;
  readonly info: ModelInfo;
  readonly library: LlamaLibrary;
  readonly model: Pointer;
  readonly vocabulary: Vocabulary;
  readonly context: LlamaContext;
  readonly hiddenStates: HiddenStateContext;
  readonly scheduler: Scheduler;
  readonly head: RewardHead;
}

/** A shared beginning shorter than this is not worth a pass of its own. */
const WORTH_SHARING = 16;

/**
 * A decoder whose last token's hidden state is multiplied by a reward head. What the cache holds of a sequence's
 * beginning is not computed again. `open-head-scorer.ts` makes one.
 */
export class HeadScorer implements SequenceScorer {
  readonly id: string;
  readonly info: ModelInfo;
  readonly #parts: HeadScorerParts;
  #closing: Promise<void> | undefined;

  constructor(parts: HeadScorerParts) {
    this.id = parts.id;
    this.info = parts.info;
    this.#parts = parts;
  }

  async encode(text: PromptText): Promise<TokenId[]> {
    await Promise.resolve();
    if (this.#closing) throw modelClosed();
    return this.#parts.vocabulary.encode(text);
  }

  async scoreSequences(
    sequences: readonly (readonly TokenId[])[],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<number[]> {
    await this.#shareBeginning(sequences, signal);
    return Promise.all(sequences.map((tokens) => this.#score(tokens, signal)));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Computes what several sequences begin with, once; they take it from the cache. */
  async #shareBeginning(sequences: readonly (readonly TokenId[])[], signal: AbortSignal | undefined): Promise<void> {
    const [first, ...others] = sequences;
    if (first === undefined || others.length === 0) return;
    const length = Math.min(...others.map((tokens) => commonPrefixLength(first, tokens)));
    if (length < WORTH_SHARING) return;
    const tokens = first.slice(0, length);
    await this.#parts.scheduler.forward({ tokens, rowsFrom: length - 1, onRow: () => undefined, signal });
  }

  async #score(tokens: readonly TokenId[], signal: AbortSignal | undefined): Promise<number> {
    if (tokens.length === 0) throw new RangeError('A sequence to score needs at least one token.');
    const { scheduler, hiddenStates, head } = this.#parts;
    let score = Number.NaN;
    const onRow = (_: number, index: number): void => {
      score = applyHead(head, hiddenStates.hiddenState(index));
      if (!Number.isFinite(score)) throw notNumbers();
    };
    await scheduler.forward({ tokens, rowsFrom: tokens.length - 1, onRow, signal });
    return score;
  }

  async #close(): Promise<void> {
    const { scheduler, context, library, model } = this.#parts;
    await scheduler.close();
    context.close();
    library.modelFree(model);
  }
}
