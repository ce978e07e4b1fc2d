import { randomInt } from 'node:crypto';

import type { GgufArray } from './gguf-value.ts';

/** Another one in each process, so that no file can be made whose strings all fall together. */
const FNV_OFFSET = randomInt(2 ** 32);
const FNV_PRIME = 0x01000193;

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
    return this.#slice(index, 'utf8');
  }

  /** One `char` a byte: fast to make, and two of them are equal exactly when their bytes are. */
  latin1At(index: number): string | undefined {
    return this.#slice(index, 'latin1');
  }

  byteLengthAt(index: number): number {
    return (this.#bounds[2 * index + 1] ?? 0) - (this.#bounds[2 * index] ?? 0);
  }

  /** An FNV-1a hash of the bytes, a 32-bit unsigned number that differs from process to process. */
  hashAt(index: number): number {
    const [start, end] = [this.#bounds[2 * index] ?? 0, this.#bounds[2 * index + 1] ?? 0];
    let hash = FNV_OFFSET;
    for (let offset = start; offset < end; offset++) hash = Math.imul(hash ^ this.#bytes[offset]!, FNV_PRIME);
    return hash >>> 0;
  }

  /** Whether the bytes of two of the strings are equal. */
  equals(index: number, other: number): boolean {
    const length = this.byteLengthAt(index);
    if (length !== this.byteLengthAt(other)) return false;
    const [start, otherStart] = [this.#bounds[2 * index]!, this.#bounds[2 * other]!];
    for (let offset = 0; offset < length; offset++) {
      if (this.#bytes[start + offset] !== this.#bytes[otherStart + offset]) return false;
    }
    return true;
  }

  #slice(index: number, encoding: 'utf8' | 'latin1'): string | undefined {
    const [start, end] = [this.#bounds[2 * index], this.#bounds[2 * index + 1]];
    return start === undefined || end === undefined ? undefined : this.#bytes.toString(encoding, start, end);
  }
}
