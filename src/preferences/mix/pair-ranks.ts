import { hash } from 'node:crypto';
import { GrowingArray } from '../../core/growing-array.ts';
import { chosenText, type Dimension, DIMENSIONS, type PreferencePair, rejectedText } from '../preference-pair.ts';
import type { Shares } from './shares.ts';

/**
 * Where each pair belongs, by hashes of its texts and the seed alone: its place in the order, and its split, which is that of all
 * conversations that begin with the same words of the user. So a pair stays in its split when others are added. 14 bytes a pair.
 */
export class PairRanks {
  readonly #seed: number;
  readonly #splits: readonly (readonly [name: string, share: number])[];
  readonly #ranks = new GrowingArray(Float64Array);
  readonly #files = new GrowingArray(Uint32Array);
  readonly #dimensions = new GrowingArray(Uint8Array);
  readonly #splitOf = new GrowingArray(Uint8Array);

  constructor(seed: number, splits: Shares) {
    this.#seed = seed;
    this.#splits = Object.entries(splits);
  }

  get length(): number {
    return this.#ranks.length;
  }

  /** @param file number of the file that it is in */
  add(pair: PreferencePair, file: number): void {
    this.#ranks.push(this.#hash(JSON.stringify([pair.prompt, chosenText(pair), rejectedText(pair)])));
    this.#files.push(file);
    this.#dimensions.push(DIMENSIONS.indexOf(pair.dimension));
    this.#splitOf.push(this.#splitFor(this.#hash(beginningOf(pair)) / 2 ** 52));
  }

  /** Indices of all pairs in their order. */
  get order(): Uint32Array {
    const order = Uint32Array.from({ length: this.length }, (_, index) => index);
    return order.sort((a, b) => this.#ranks.at(a) - this.#ranks.at(b) || a - b);
  }

  fileOf(index: number): number {
    return this.#files.at(index);
  }

  dimensionOf(index: number): Dimension {
    return DIMENSIONS[this.#dimensions.at(index)]!;
  }

  splitOf(index: number): string {
    return this.#splits[this.#splitOf.at(index)]![0];
  }

  /** 52 bits. */
  #hash(text: string): number {
    return parseInt(hash('sha256', `${this.#seed} ${text}`, 'hex').slice(0, 13), 16);
  }

  /** @param place from 0 to below 1 */
  #splitFor(place: number): number {
    let end = 0;
    const split = this.#splits.findIndex(([, share]) => place < (end += share));
    return split < 0 ? this.#splits.length - 1 : split;
  }
}

/** What the user says first, in any case and without signs. */
function beginningOf({ prompt }: PreferencePair): string {
  const first = (prompt.find(({ role }) => role === 'user') ?? prompt[0]!).content;
  const words = first
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return words === '' ? first : words;
}
