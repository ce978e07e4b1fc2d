import { byteString, bytesOf, SINGLE_BYTES } from './byte-string.ts';
import type { Piece, Tokenizer } from './tokenizer.ts';

/** The split of GPT-4 and Llama 3, less its contractions: a word takes the space before it, a sign the lines after it. */
export const GPT_SPLIT = /[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu;

export interface MergeTokenizerOptions {
  /** Pairs of neighbouring tokens that become one, the most important first. */
  readonly merges: readonly (readonly [Piece, Piece])[];
  /** What no token crosses: matches of this pattern (`g` and `u`) are tokenised one by one. */
  readonly split?: RegExp;
}

/** Byte-pair encoding: bytes are merged in the order of a list. */
export function mergeTokenizer({ merges, split = GPT_SPLIT }: MergeTokenizerOptions): Tokenizer {
  const pairs = merges.map(([left, right]) => [byteString(left), byteString(right)] as const);
  const ranks = new Map(pairs.map((pair, rank) => [pairKey(pair), rank]));
  const pieces = [...new Set([...SINGLE_BYTES, ...pairs.map(([left, right]) => left + right)])];
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  return {
    pieces: pieces.map(bytesOf),
    encode: (text) =>
      (text.match(split) ?? []).flatMap((part) => mergeAll(byteString(part), ranks).map((piece) => ids.get(piece)!)),
  };
}

function mergeAll(bytes: string, ranks: ReadonlyMap<string, number>): string[] {
  let pieces = bytes.split('');
  for (;;) {
    const best = bestPair(pieces, ranks);
    if (!best) return pieces;
    pieces = mergePair(pieces, best);
  }
}

export type Pair = readonly [string, string];

/** Joins the pair wherever it stands, from left to right. */
export function mergePair(pieces: readonly string[], [left, right]: Pair): string[] {
  const merged: string[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const joins = pieces[i] === left && pieces[i + 1] === right;
    merged.push(joins ? left + right : pieces[i]!);
    if (joins) i++;
  }
  return merged;
}

function bestPair(pieces: readonly string[], ranks: ReadonlyMap<string, number>): Pair | undefined {
  let best: Pair | undefined;
  let bestRank = Infinity;
  for (let i = 0; i + 1 < pieces.length; i++) {
    const pair = [pieces[i]!, pieces[i + 1]!] as const;
    const rank = ranks.get(pairKey(pair)) ?? Infinity;
    if (rank < bestRank) [best, bestRank] = [pair, rank];
  }
  return best;
}

function pairKey([left, right]: Pair): string {
  return `${left.length}:${left}${right}`;
}
