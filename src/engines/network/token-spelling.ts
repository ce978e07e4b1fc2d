/**
 * How a vocabulary writes bytes in its tokens' texts: `byte-level` puts a printable character in the place of every
 * byte (GPT-2, Llama 3, Qwen), `sentencepiece` writes spaces as ▁ and single bytes as <0x0A> (Llama 2, Gemma).
 */
export type TokenSpelling = 'byte-level' | 'sentencepiece';

const SPELLINGS: readonly TokenSpelling[] = ['byte-level', 'sentencepiece'];

/** Spaces, line ends, signs of one to four bytes, and no space at the beginning, which some tokenizers add or take. */
export const SPELLING_PROBE = 'The cat, 12 mats.\n\n naïve 你好 🎉\tend';

/** The bytes that a token of the vocabulary stands for; undefined where the spelling has no such token. */
export function tokenBytes(spelling: TokenSpelling, token: string): Uint8Array | undefined {
  return spelling === 'byte-level' ? byteLevelBytes(token) : sentencePieceBytes(token);
}

/** The spelling in which the tokens of `text` read as its UTF-8; undefined where none does. */
export function findSpelling(tokens: readonly string[], text: string): TokenSpelling | undefined {
  const wanted = Buffer.from(text, 'utf8');
  return SPELLINGS.find((spelling) => {
    const pieces = tokens.map((token) => tokenBytes(spelling, token));
    return !pieces.includes(undefined) && Buffer.concat(pieces as Uint8Array[]).equals(wanted);
  });
}

/** Whether a token's text, in any spelling or as it is shown, stands for these bytes; a space before them may be left out. */
export function readsAs(token: string, bytes: Uint8Array): boolean {
  const wanted = withoutSpace(bytes);
  return SPELLINGS.some((spelling) => {
    const read = tokenBytes(spelling, token);
    return read !== undefined && wanted.equals(withoutSpace(read));
  });
}

function withoutSpace(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes[0] === 0x20 ? bytes.subarray(1) : bytes);
}

function byteLevelBytes(token: string): Uint8Array | undefined {
  const bytes = Array.from(token, (character) => BYTE_OF_CHARACTER.get(character));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}

function sentencePieceBytes(token: string): Uint8Array {
  const [, byte] = /^<0x([0-9A-F]{2})>$/.exec(token) ?? [];
  return byte === undefined ? Buffer.from(token.replaceAll('▁', ' '), 'utf8') : Uint8Array.of(parseInt(byte, 16));
}

/** Printable characters of Latin-1 stand for themselves, the other bytes for U+0100 and up, in order (GPT-2's table). */
const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = byteLevelAlphabet();

function byteLevelAlphabet(): Map<string, number> {
  const alphabet = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    alphabet.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
  return alphabet;
}
