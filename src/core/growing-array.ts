type NumberArray = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** A typed array that grows at its end: numbers in a few bytes each. */
export class GrowingArray<T extends NumberArray> {
  readonly #create: new (length: number) => T;
  #array: T;
  #length = 0;

  constructor(create: new (length: number) => T) {
    this.#create = create;
    this.#array = new create(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = new this.#create(2 * this.#length);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length++] = value;
  }

  /** @param index of a value that was pushed */
  at(index: number): number {
    return this.#array[index]!;
  }

  /** @param index of a value that was pushed */
  set(index: number, value: number): void {
    this.#array[index] = value;
  }

  /** A copy, without the room to grow. */
  values(): T {
    return this.#array.slice(0, this.#length) as T;
  }
}
