import { bytesOf, SINGLE_BYTES } from './byte-string.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A token a byte. */
export function byteTokenizer(): Tokenizer {
  return { pieces: SINGLE_BYTES.map(bytesOf), encode: (text) => [...new TextEncoder().encode(text)] };
}
