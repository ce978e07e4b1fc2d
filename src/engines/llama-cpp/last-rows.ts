import type { PassOutput } from './llama-context.ts';

/** Makes logits of states: needed where some request wants states. */
export interface RowCompletion {
  /** Whether so many rows of logits are made faster apart from their pass than in it. */
  isFasterFor(rows: number): boolean;
  /** Logits of entries of the last pass, which gave states. */
  completeRows(indexes: readonly number[]): Promise<void>;
}

/** The rows of the last pass: states of all, or logits of all, or states that logits were made of one after another. */
export class LastRows {
  /** What the pass gave. */
  readonly given: PassOutput;
  readonly #count: number;
  readonly #head: RowCompletion | undefined;
  /** Batch indexes of states that logits were made of. */
  readonly #completed = new Set<number>();

  /** @param head needed where states are given */
  constructor(given: PassOutput, count: number, head: RowCompletion | undefined) {
    this.given = given;
    this.#count = count;
    this.#head = head;
  }

  /** What there is of all of them. */
  get output(): PassOutput {
    return this.#completed.size === this.#count ? 'logits' : this.given;
  }

  /** Whether they are as the pass gave them. */
  get untouched(): boolean {
    return this.#completed.size === 0;
  }

  /** Makes the logits of entries that somebody wants to read. */
  async complete(indexes: readonly number[]): Promise<void> {
    if (this.given === 'logits') return;
    const missing = indexes.filter((index) => !this.#completed.has(index));
    if (missing.length === 0) return;
    await this.#head!.completeRows(missing);
    for (const index of missing) this.#completed.add(index);
  }
}
