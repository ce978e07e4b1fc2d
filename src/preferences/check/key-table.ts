const LEAST_SLOTS = 1024;

/** Numbers keys of 64 bits, each in two halves, in the order in which they came: 12 to 24 bytes a key. */
export class KeyTable {
  #high = new Uint32Array(LEAST_SLOTS);
  #low = new Uint32Array(LEAST_SLOTS);
  /** The number of the key plus 1; 0: free. */
  #numbers = new Uint32Array(LEAST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The key's number, from 0; −1: it is not there. */
  find(high: number, low: number): number {
    return this.#numbers[this.#slotOf(high, low)]! - 1;
  }

  /** The key's number, which is `size` before the call where it was not there. */
  add(high: number, low: number): number {
    if (2 * this.#size >= this.#numbers.length) this.#grow();
    const slot = this.#slotOf(high, low);
    if (this.#numbers[slot] === 0) {
      this.#high[slot] = high;
      this.#low[slot] = low;
      this.#numbers[slot] = ++this.#size;
    }
    return this.#numbers[slot]! - 1;
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#numbers.length - 1;
    let slot = (high ^ Math.imul(low, 0x9e3779b1)) & mask;
    while (this.#numbers[slot] !== 0 && !(this.#high[slot] === high >>> 0 && this.#low[slot] === low >>> 0)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [high, low, numbers] = [this.#high, this.#low, this.#numbers];
    const slots = 2 * numbers.length;
    [this.#high, this.#low, this.#numbers] = [new Uint32Array(slots), new Uint32Array(slots), new Uint32Array(slots)];
    for (let old = 0; old < numbers.length; old++) {
      if (numbers[old] === 0) continue;
      const slot = this.#slotOf(high[old]!, low[old]!);
      this.#high[slot] = high[old]!;
      this.#low[slot] = low[old]!;
      this.#numbers[slot] = numbers[old]!;
    }
  }
}
