import type { GgufArray, GgufNumberType } from './gguf-value.ts';
import { NUMBER_SIZES, readNumber } from './read-number.ts';

/** The numbers of one metadata array, kept as the bytes of the file. */
export class GgufNumberArray implements GgufArray {
  readonly type = 'array';
  readonly itemType: GgufNumberType;
  readonly length: number;
  readonly #bytes: Buffer;

  constructor(itemType: GgufNumberType, bytes: Buffer) {
    this.itemType = itemType;
    this.#bytes = bytes;
    this.length = bytes.length / NUMBER_SIZES[itemType];
  }

  at(index: number): number | bigint | boolean | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) return undefined;
    return readNumber(this.#bytes, index * NUMBER_SIZES[this.itemType], this.itemType);
  }
}
