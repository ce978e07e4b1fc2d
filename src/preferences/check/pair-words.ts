import { chosenText, type PreferencePair, rejectedText } from '../preference-pair.ts';
import { eachGram } from './word-grams.ts';
import { wordHashes } from './word-hashes.ts';

const SHINGLE_WORDS = 5;

/** Hashes of the words of each text of a pair. */
export interface PairWords {
  readonly prompt: readonly (readonly number[])[];
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
}

export function pairWords(pair: PreferencePair): PairWords {
  return {
    prompt: pair.prompt.map(({ content }) => wordHashes(content)),
    chosen: wordHashes(chosenText(pair)),
    rejected: wordHashes(rejectedText(pair)),
  };
}

/** Hashes of the runs of five words of a pair, by which it is compared with others; all its words where there are fewer. */
export function shinglesOf({ prompt, chosen, rejected }: PairWords): number[] {
  const words = [...prompt, chosen, rejected].flat();
  const shingles: number[] = [];
  eachGram(words, Math.max(1, Math.min(SHINGLE_WORDS, words.length)), (_, low) => shingles.push(low));
  return shingles.length > 0 ? shingles : [0];
}
