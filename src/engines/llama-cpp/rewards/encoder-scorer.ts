import { ContextOverflowError } from '../../../core/errors.ts';
import type { ModelInfo, TokenId } from '../../../core/language-model.ts';
import type { PromptText } from '../../../core/prompt-format.ts';
import type { SequenceScorer } from '../../../core/sequence-scorer.ts';
import { modelClosed, notNumbers } from '../failures.ts';
import type { BatchEntry } from '../llama-context.ts';
import type { NativeModelParts } from '../open-decoder.ts';
import type { PairTexts } from './pair-texts.ts';

export interface EncoderScorerParts extends NativeModelParts {
  readonly pairTexts: PairTexts;
  /** The class whose output is the score, and how many classes there are. */
  readonly classIndex: number;
  readonly classCount: number;
}

/**
 * An encoder with a classification head, through llama.cpp's `rank` pooling. It reads each text whole, so nothing can
 * be kept for the next one. `open-encoder-scorer.ts` makes one.
 */
export class EncoderScorer implements SequenceScorer {
  readonly id: string;
  readonly info: ModelInfo;
  readonly pairTexts: PairTexts;
  readonly #parts: EncoderScorerParts;
  #tail: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(parts: EncoderScorerParts) {
    this.id = parts.id;
    this.info = parts.info;
    this.pairTexts = parts.pairTexts;
    this.#parts = parts;
  }

  async encode(text: PromptText): Promise<TokenId[]> {
    await Promise.resolve();
    if (this.#closing) throw modelClosed();
    return this.#parts.vocabulary.encode(text);
  }

  scoreSequences(
    sequences: readonly (readonly TokenId[])[],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<number[]> {
    // One after the other: a native context holds the result of its last pass only.
    const scores = this.#tail.then(async () => {
      const results: number[] = [];
      for (const tokens of sequences) results.push(await this.#score(tokens, signal));
      return results;
    });
    this.#tail = scores.catch(() => undefined);
    return scores;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #score(tokens: readonly TokenId[], signal: AbortSignal | undefined): Promise<number> {
    const { context, classIndex, classCount } = this.#parts;
    this.#assertLength(tokens);
    await context.turn(() => this.#read(tokens, signal));
    const score = context.pooled(0, classCount)[classIndex]!;
    if (!Number.isFinite(score)) throw notNumbers(this.id);
    return score;
  }

  async #read(tokens: readonly TokenId[], signal: AbortSignal | undefined): Promise<void> {
    const { context } = this.#parts;
    if (this.#closing) throw modelClosed();
    signal?.throwIfAborted();
    const stop = (): void => context.abort();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const result = await context.decode(tokens.map(toEntry));
      signal?.throwIfAborted();
      if (result !== 'done') throw modelClosed();
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  #assertLength(tokens: readonly TokenId[]): void {
    if (tokens.length === 0) throw new RangeError('A sequence to score needs at least one token.');
    const { contextLength } = this.info;
    if (tokens.length <= contextLength) return;
    throw new ContextOverflowError(
      'context-full',
      `The conversation and its response have ${tokens.length} tokens for ${this.id}, which reads at most ${contextLength}: shorten them, or choose a reward model with a longer context.`,
    );
  }

  async #close(): Promise<void> {
    const { context, library, model, vocabulary } = this.#parts;
    context.abort();
    await this.#tail;
    await vocabulary.idle();
    context.close();
    library.modelFree(model);
  }
}

function toEntry(token: TokenId, position: number): BatchEntry {
  return { token, position, sequence: 0, row: true };
}
