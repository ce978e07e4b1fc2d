import type { FileHead } from './file-head.ts';
import { GgufFault } from './gguf-fault.ts';
import { GgufNumberArray } from './gguf-number-array.ts';
import { GgufStringArray } from './gguf-string-array.ts';
import type { GgufItemType, GgufNumberType } from './gguf-value.ts';
import { NUMBER_SIZES, readNumber } from './read-number.ts';

const SMALLEST_BOUNDS = 1024;

/** Walks over the head of the file; every length is compared with what is left of the file before it is believed. */
export class HeaderCursor {
  position = 0;
  readonly #head: FileHead;

  constructor(head: FileHead) {
    this.#head = head;
  }

  get remaining(): number {
    return this.#head.fileSize - this.position;
  }

  number(type: GgufNumberType, what: string): number | bigint | boolean {
    const offset = this.#advance(NUMBER_SIZES[type], what);
    return readNumber(this.#head.bytes, offset, type);
  }

  u32(what: string): number {
    return this.#head.bytes.readUInt32LE(this.#advance(4, what));
  }

  /** A 64-bit count or length. @throws GgufFault above `limit`, which the caller takes from the file's size. */
  count(limit: number, what: string): number {
    const offset = this.#advance(8, what);
    const bytes = this.#head.bytes;
    const value = bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 2 ** 32;
    if (value > limit) throw new GgufFault('damaged-gguf', `${what} claims ${value}, where at most ${limit} fit`);
    return value;
  }

  string(what: string, maxBytes = Infinity): string {
    const length = this.count(Math.min(this.remaining - 8, maxBytes), `the length of ${what}`);
    const offset = this.#advance(length, what);
    return this.#head.bytes.toString('utf8', offset, offset + length);
  }

  array(itemType: GgufItemType, what: string): GgufNumberArray | GgufStringArray {
    return itemType === 'string' ? this.#strings(what) : this.#numbers(itemType, what);
  }

  #numbers(itemType: GgufNumberType, what: string): GgufNumberArray {
    const size = NUMBER_SIZES[itemType];
    const length = this.count(Math.floor((this.remaining - 8) / size), `the length of ${what}`);
    const offset = this.#advance(length * size, what);
    return new GgufNumberArray(itemType, this.#head.bytes.subarray(offset, this.position));
  }

  #strings(what: string): GgufStringArray {
    const length = this.count(Math.floor((this.remaining - 8) / 8), `the length of ${what}`);
    const lengthWhat = `the length of a string in ${what}`;
    let bounds = new Uint32Array(2 * Math.min(length, SMALLEST_BOUNDS));
    for (let index = 0; index < length; index++) {
      if (2 * index === bounds.length) bounds = grown(bounds, 2 * length);
      const size = this.count(this.remaining - 8, lengthWhat);
      bounds[2 * index] = this.#advance(size, what);
      bounds[2 * index + 1] = this.position;
    }
    return new GgufStringArray(this.#head.bytes, bounds);
  }

  #advance(size: number, what: string): number {
    const start = this.position;
    this.#head.ensure(start + size, what);
    this.position = start + size;
    return start;
  }
}

function grown(bounds: Uint32Array<ArrayBuffer>, limit: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.min(2 * bounds.length, limit));
  larger.set(bounds);
  return larger;
}
