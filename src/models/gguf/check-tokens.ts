import { findRepeated } from './find-repeated.ts';
import { GgufFault } from './gguf-fault.ts';
import { GgufStringArray } from './gguf-string-array.ts';
import type { GgufValue } from './gguf-value.ts';

const KEY = 'tokenizer.ggml.tokens';
const MAX_TOKENS = 1 << 24;
/** They spell what no other token does as bytes; without one of them, llama.cpp ends the process. */
const WITH_BYTE_FALLBACK = new Set(['llama', 'plamo2']);

/** @returns the number of tokens. @throws GgufFault */
export function checkTokens(metadata: ReadonlyMap<string, GgufValue>, tokenizerModel: string): number {
  const tokens = metadata.get(KEY);
  if (!(tokens instanceof GgufStringArray) || tokens.length === 0 || tokens.length > MAX_TOKENS) {
    throw new GgufFault('damaged-gguf', 'it lists no tokens');
  }
  const repeated = findRepeated(tokens);
  if (repeated !== undefined) throw new GgufFault('damaged-gguf', `the token ${repeated} is the same as one before it`);
  checkEmptyTokens(tokens);
  if (WITH_BYTE_FALLBACK.has(tokenizerModel)) checkByteFallback(tokens, tokenizerModel === 'llama');
  return tokens.length;
}

/** llama.cpp names an empty token after its number, and then again refuses two with the same name. */
function checkEmptyTokens(tokens: GgufStringArray): void {
  const names = new Set<string>();
  for (let token = 0; token < tokens.length; token++) {
    if (tokens.byteLengthAt(token) === 0) names.add(`[EMPTY_${token}]`);
  }
  if (names.size === 0) return;
  for (let token = 0; token < tokens.length; token++) {
    if (names.has(tokens.latin1At(token)!)) throw new GgufFault('damaged-gguf', `the token ${token} is reserved`);
  }
}

function checkByteFallback(tokens: GgufStringArray, rawBytesToo: boolean): void {
  const texts = new Set<string>();
  for (let token = 0; token < tokens.length; token++) {
    const length = tokens.byteLengthAt(token);
    if (length === 1 || length === 6) texts.add(tokens.latin1At(token)!);
  }
  for (let byte = 0; byte < 256; byte++) {
    const name = `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
    if (texts.has(name) || (rawBytesToo && texts.has(String.fromCharCode(byte)))) continue;
    throw new GgufFault('damaged-gguf', `its vocabulary lacks the token ${name}`);
  }
}
