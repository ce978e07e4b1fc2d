/** A set of line numbers, a bit each: a million lines are 125 kB. */
export class LineSet {
  readonly #bits: Uint8Array;
  #size = 0;

  /** @param lines the largest number that can be in it */
  constructor(lines: number) {
    this.#bits = new Uint8Array((lines >> 3) + 1);
  }

  get size(): number {
    return this.#size;
  }

  has(line: number): boolean {
    return (this.#bits[line >> 3]! & (1 << (line & 7))) !== 0;
  }

  add(line: number): void {
    if (this.has(line)) return;
    this.#bits[line >> 3]! |= 1 << (line & 7);
    this.#size++;
  }
}
