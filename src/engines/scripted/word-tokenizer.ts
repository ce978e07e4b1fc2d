import { byteString, bytesOf, SINGLE_BYTES } from './byte-string.ts';
import type { Piece, Tokenizer } from './tokenizer.ts';

/** Always the longest piece that fits, from left to right; single bytes where none does. Words carry their space: ` cat`. */
export function wordTokenizer(words: readonly Piece[]): Tokenizer {
  const pieces = [...new Set([...SINGLE_BYTES, ...words.map(byteString)])];
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const longest = Math.max(...pieces.map((piece) => piece.length));
  return {
    pieces: pieces.map(bytesOf),
    encode(text) {
      const bytes = byteString(text);
      const tokens: number[] = [];
      for (let start = 0; start < bytes.length; start += pieces[tokens.at(-1)!]!.length) {
        tokens.push(longestMatch(ids, bytes.slice(start, start + longest)));
      }
      return tokens;
    },
  };
}

function longestMatch(ids: ReadonlyMap<string, number>, bytes: string): number {
  for (let length = bytes.length; ; length--) {
    const id = ids.get(bytes.slice(0, length));
    if (id !== undefined) return id;
  }
}
