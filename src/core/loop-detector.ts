/** Fewest tokens of a passage whose repetition counts. */
const PASSAGE_TOKENS = 12;
const TIMES = 3;
/** Longest passage that is looked for, in tokens. */
const LONGEST_PERIOD = 512;

/**
 * Notices a text that ends in the same passage three times in a row, each of 12 tokens or more; one of fewer tokens counts
 * as often as it takes to make 12. Passages of more than 512 tokens are not looked for. Tokens are compared by their bytes,
 * so it does not matter whose vocabulary they are of. A token takes at most 512 comparisons of whole numbers.
 */
export class LoopDetector {
  readonly #numbers = new Map<string, number>();
  /** The last tokens, as a ring. */
  readonly #recent = new Int32Array(LONGEST_PERIOD);
  /** By period: how many of the last tokens equal the one a period before. */
  readonly #equal = new Int32Array(LONGEST_PERIOD + 1);
  #count = 0;

  /** @returns true where this token completes the third time */
  push(bytes: Uint8Array): boolean {
    const token = this.#numberOf(bytes);
    const periods = Math.min(this.#count, LONGEST_PERIOD);
    let isLoop = false;
    for (let period = 1; period <= periods; period++) {
      const before = this.#recent[(this.#count - period) % LONGEST_PERIOD];
      const equal = before === token ? this.#equal[period]! + 1 : 0;
      this.#equal[period] = equal;
      if (equal > 0 && equal + period >= spanOf(period)) isLoop = true;
    }
    this.#recent[this.#count++ % LONGEST_PERIOD] = token;
    return isLoop;
  }

  #numberOf(bytes: Uint8Array): number {
    const key = String.fromCharCode(...bytes);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** Tokens of all times together. */
function spanOf(period: number): number {
  return TIMES * period * Math.ceil(PASSAGE_TOKENS / period);
}
