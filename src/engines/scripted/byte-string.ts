import type { Piece } from './tokenizer.ts';

/** Bytes as a string with one character (U+0000 to U+00FF) a byte: comparable, and usable as a key. */
export function byteString(piece: Piece): string {
  const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The 256 single bytes, in order. */
export const SINGLE_BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
