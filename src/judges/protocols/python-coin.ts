import { createHash } from 'node:crypto';

const WORDS = 624;
const OFFSET = 397;

/**
 * What `random.Random(seed).choices([False, True])` of Python 3 gives: whether the first number of the Mersenne Twister
 * (Matsumoto and Nishimura 1998), seeded with the text and its SHA-512, is at least one half.
 */
export function pythonCoin(seed: string): boolean {
  const text = Buffer.from(seed);
  const state = seededState(toWords(Buffer.concat([text, createHash('sha512').update(text).digest()])));
  const bits = (state[0]! & 0x80000000) | (state[1]! & 0x7fffffff);
  const word = state[OFFSET]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
  return temper(word) >>> 31 === 1;
}

/** Of a large number, the least significant first. */
function toWords(bigEndian: Buffer): number[] {
  const words: number[] = [];
  for (let end = bigEndian.length; end > 0; end -= 4) {
    const bytes = bigEndian.subarray(Math.max(0, end - 4), end);
    words.push(bytes.reduce((word, byte) => ((word << 8) | byte) >>> 0, 0));
  }
  while (words.length > 1 && words.at(-1) === 0) words.pop();
  return words;
}

/** `init_by_array` of the reference implementation. */
function seededState(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(WORDS);
  state[0] = 19650218;
  for (let index = 1; index < WORDS; index++) state[index] = Math.imul(1812433253, mixed(state, index)) + index;
  let place = 1;
  const step = () => {
    if (++place < WORDS) return;
    state[0] = state[WORDS - 1]!;
    place = 1;
  };
  for (let round = 0; round < Math.max(WORDS, key.length); round++) {
    const part = round % key.length;
    state[place] = (state[place]! ^ Math.imul(mixed(state, place), 1664525)) + key[part]! + part;
    step();
  }
  for (let round = 1; round < WORDS; round++) {
    state[place] = (state[place]! ^ Math.imul(mixed(state, place), 1566083941)) - place;
    step();
  }
  state[0] = 0x80000000;
  return state;
}

function mixed(state: Uint32Array, index: number): number {
  const before = state[index - 1]!;
  return before ^ (before >>> 30);
}

function temper(word: number): number {
  let bits = word;
  bits ^= bits >>> 11;
  bits ^= (bits << 7) & 0x9d2c5680;
  bits ^= (bits << 15) & 0xefc60000;
  return bits ^ (bits >>> 18);
}
