import { mixed } from './word-hashes.ts';

const BASES = [0x9e3779b1, 0x85ebca77] as const;

/**
 * Calls `take` with a key of 64 bits, in two halves, for each run of `length` words. Nothing for a text of fewer.
 *
 * @param words hashes of its words
 */
export function eachGram(words: readonly number[], length: number, take: (high: number, low: number) => void): void {
  const [first, second] = [powerOf(BASES[0], length), powerOf(BASES[1], length)];
  let [high, low] = [0, 0];
  for (let end = 0; end < words.length; end++) {
    const gone = end >= length ? words[end - length]! : 0;
    high = (Math.imul(high, BASES[0]) + words[end]! - Math.imul(gone, first)) | 0;
    low = (Math.imul(low, BASES[1]) + words[end]! - Math.imul(gone, second)) | 0;
    if (end >= length - 1) take(mixed(high), mixed(low));
  }
}

function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let factor = 0; factor < exponent; factor++) power = Math.imul(power, base);
  return power;
}
