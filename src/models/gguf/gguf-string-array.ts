import type { GgufArray } from './gguf-value.ts';

/** The strings of one metadata array, kept as the bytes of the file. */
export class GgufStringArray implements GgufArray {
  readonly type = 'array';
  readonly itemType = 'string';
  readonly length: number;
  readonly #bytes: Buffer;
  /** Where each string begins and, after it, ends, in bytes: two numbers a string. */
  readonly #bounds: Uint32Array;

  constructor(bytes: Buffer, bounds: Uint32Array) {
    this.#bytes = bytes;
    this.#bounds = bounds;
    this.length = bounds.length / 2;
  }

  at(index: number): string | undefined {
    const [start, end] = [this.#bounds[2 * index], this.#bounds[2 * index + 1]];
    return start === undefined || end === undefined ? undefined : this.#bytes.toString('utf8', start, end);
  }
}
