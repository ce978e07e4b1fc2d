import type { BatchEntry, DecodeResult, LlamaContext } from '../llama-context.ts';
import type { ForwardPasses } from '../scheduler.ts';

/** What is needed of a native context. */
export type HiddenStates = ForwardPasses & Pick<LlamaContext, 'giveHiddenStates' | 'hiddenState'>;

/**
 * Gives hidden states where a plain context gives logits. While llama.cpp keeps hidden states it computes the logits of
 * every token of a batch, so a long batch is decoded in two passes: first what nobody wants to look at, then the rows.
 */
export class HiddenStateContext implements ForwardPasses {
  readonly #context: HiddenStates;
  readonly #wholeBatch: number;
  readonly #size: number;
  /** Batch index of the caller → batch index of the last native pass. */
  #places: readonly number[] = [];

  /**
   * @param size floats in a hidden state
   * @param wholeBatch up to this many entries go in one pass, their superfluous logits included
   */
  constructor(context: HiddenStates, size: number, wholeBatch: number) {
    this.#context = context;
    this.#size = size;
    this.#wholeBatch = wholeBatch;
  }

  turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#context.turn(work);
  }

  async decode(entries: readonly BatchEntry[]): Promise<DecodeResult> {
    const together = entries.length <= this.#wholeBatch;
    const first = together ? [] : entries.filter(({ row }) => !row);
    const last = together ? entries : entries.filter(({ row }) => row);
    this.#places = entries.map((entry) => last.indexOf(entry));
    if (first.length > 0) {
      this.#context.giveHiddenStates(false);
      const result = await this.#context.decode(first);
      if (result !== 'done') return result;
    }
    if (last.length === 0) return 'done';
    this.#context.giveHiddenStates(true);
    return this.#context.decode(last.map((entry) => ({ ...entry, row: true })));
  }

  /** @param index of an entry of the last decode that asked for its row */
  hiddenState(index: number): Float32Array {
    return this.#context.hiddenState(this.#places[index]!, this.#size);
  }

  abort(): void {
    this.#context.abort();
  }

  truncate(sequence: number, position: number): boolean {
    return this.#context.truncate(sequence, position);
  }

  share(source: number, target: number, length: number): void {
    this.#context.share(source, target, length);
  }
}
