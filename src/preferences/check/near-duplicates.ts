import { GrowingArray } from '../../core/growing-array.ts';
import { bandKeys, MinHash, rowsOfBand, SIGNATURE_LENGTH } from './min-hash.ts';

/** Of one band, with how many earlier texts each is compared that are not alike among themselves. */
const MOST_COMPARED = 8;

/** Finds sets that are alike: those whose signatures share a band are compared. 4 bytes a band and set are kept. */
export class NearDuplicates {
  readonly #similarity: number;
  readonly #rows: number;
  readonly #minHash = new MinHash();
  #length = 0;
  readonly #bands: GrowingArray<Uint32Array>[];

  /** @param similarity from which two are alike: the size of their intersection over that of their union, above 0 and at most 1 */
  constructor(similarity: number) {
    this.#similarity = similarity;
    this.#rows = rowsOfBand(similarity);
    this.#bands = Array.from({ length: SIGNATURE_LENGTH / this.#rows }, () => new GrowingArray(Uint32Array));
  }

  /** @param set see `MinHash.signatureOf`; sets are numbered from 0 in the order in which they come */
  add(set: ArrayLike<number>): void {
    this.#length++;
    const keys = bandKeys(this.#minHash.signatureOf(set), this.#rows);
    for (const [band, key] of keys.entries()) this.#bands[band]!.push(key);
  }

  /**
   * Each set that is alike to an earlier one, with that one; to be called once, for the bands are given up.
   *
   * @param read gives a set again
   * @param isMeant false for one that is left out
   */
  async *find(
    read: (index: number) => Promise<ReadonlySet<number>>,
    isMeant: (index: number) => boolean,
  ): AsyncGenerator<{ readonly index: number; readonly like: number; readonly similarity: number }, void, void> {
    const found = new Set<number>();
    const room = new Uint32Array(2 * this.#length);
    for (let band = this.#bands.pop(); band; band = this.#bands.pop()) {
      for (const run of runsOf(band, room)) {
        const compared: { readonly index: number; readonly set: ReadonlySet<number> }[] = [];
        for (const index of run) {
          if (found.has(index) || !isMeant(index)) continue;
          const set = await read(index);
          const like = compared.find((other) => similarityOf(other.set, set) >= this.#similarity);
          if (like) {
            found.add(index);
            yield { index, like: like.index, similarity: similarityOf(like.set, set) };
          } else if (compared.length < MOST_COMPARED) compared.push({ index, set });
        }
      }
    }
  }
}

/**
 * Places of equal keys, two or more of them, each run in ascending order.
 *
 * @param halves room for them: [2 · keys]
 */
function* runsOf(keys: GrowingArray<Uint32Array>, halves: Uint32Array): Generator<number[], void, void> {
  for (let place = 0; place < keys.length; place++) {
    halves[2 * place] = place;
    halves[2 * place + 1] = keys.at(place);
  }
  // Sorted as numbers of 64 bits, whose upper half is the key.
  new BigUint64Array(halves.buffer).sort();
  for (let start = 0; start < keys.length;) {
    let end = start + 1;
    while (end < keys.length && halves[2 * end + 1] === halves[2 * start + 1]) end++;
    if (end - start > 1) yield Array.from({ length: end - start }, (_, offset) => halves[2 * (start + offset)]!);
    start = end;
  }
}

/** The size of the intersection over that of the union (Jaccard). */
export function similarityOf(first: ReadonlySet<number>, second: ReadonlySet<number>): number {
  let shared = 0;
  for (const value of first) if (second.has(value)) shared++;
  return shared / (first.size + second.size - shared);
}
