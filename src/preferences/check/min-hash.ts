import { seededRandom } from '../../core/seeded-random.ts';
import { mixed } from './word-hashes.ts';

/** Lengths of signatures that are cut into bands: divisible by each number of rows below. */
export const SIGNATURE_LENGTH = 96;

const ROWS = [12, 8, 6, 4, 3, 2] as const;
const RECALL = 0.98;

/**
 * Signatures of sets: the share of equal places of two signatures estimates how much of both sets together is in both of them
 * (Broder 1997). Each place has the least value of a·x + b mod 2³², for its own a and b.
 */
export class MinHash {
  readonly #factors = new Int32Array(SIGNATURE_LENGTH);
  readonly #terms = new Int32Array(SIGNATURE_LENGTH);

  constructor(seed = 1) {
    const random = seededRandom(seed);
    for (let place = 0; place < SIGNATURE_LENGTH; place++) {
      this.#factors[place] = (random() * 2 ** 32) | 1;
      this.#terms[place] = (random() * 2 ** 32) | 0;
    }
  }

  /** @param set of values of 32 bits, not empty; one that comes twice changes nothing */
  signatureOf(set: ArrayLike<number>): Int32Array {
    const [factors, terms] = [this.#factors, this.#terms];
    // With a sign, since V8 keeps such numbers in registers.
    const least = new Int32Array(SIGNATURE_LENGTH).fill(0x7fffffff);
    for (let index = 0; index < set.length; index++) {
      const value = set[index]! | 0;
      for (let place = 0; place < SIGNATURE_LENGTH; place++) {
        const hash = (Math.imul(value, factors[place]!) + terms[place]!) | 0;
        if (hash < least[place]!) least[place] = hash;
      }
    }
    return least;
  }
}

/**
 * How many places of a signature make a band, so that two sets with this similarity have a band in common with a probability of
 * at least 98%: as many as possible, since few make many pairs of sets meet that are less similar.
 *
 * @param similarity above 0 and at most 1
 */
export function rowsOfBand(similarity: number): number {
  const recall = (rows: number) => 1 - (1 - similarity ** rows) ** (SIGNATURE_LENGTH / rows);
  return ROWS.find((rows) => recall(rows) >= RECALL) ?? 2;
}

/** A key of 32 bits for each band of a signature: [SIGNATURE_LENGTH / rows]. */
export function bandKeys(signature: Int32Array, rows: number): number[] {
  return Array.from({ length: SIGNATURE_LENGTH / rows }, (_, band) => {
    let key = band;
    for (let place = band * rows; place < (band + 1) * rows; place++) key = mixed(key ^ signature[place]!) + key;
    return mixed(key);
  });
}
