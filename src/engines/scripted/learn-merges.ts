import { byteString, bytesOf } from './byte-string.ts';
import { GPT_SPLIT, mergePair, type Pair } from './merge-tokenizer.ts';

/** The merges that byte-pair encoding learns from a text: `count` times the most frequent pair, the earliest of equals. */
export function learnMerges(sample: string, count: number, split: RegExp = GPT_SPLIT): [Uint8Array, Uint8Array][] {
  let words = (sample.match(split) ?? []).map((word) => byteString(word).split(''));
  const merges: [Uint8Array, Uint8Array][] = [];
  while (merges.length < count) {
    const pair = mostFrequentPair(words);
    if (!pair) break;
    merges.push([bytesOf(pair[0]), bytesOf(pair[1])]);
    words = words.map((word) => mergePair(word, pair));
  }
  return merges;
}

function mostFrequentPair(words: readonly (readonly string[])[]): Pair | undefined {
  const counts = new Map<string, { pair: Pair; count: number }>();
  for (const word of words) {
    for (let i = 0; i + 1 < word.length; i++) {
      const pair = [word[i]!, word[i + 1]!] as const;
      const key = JSON.stringify(pair);
      counts.set(key, { pair, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.pair;
}
