import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import { GgufStringArray } from './gguf-string-array.ts';
import { findArray, findString } from './metadata-lookup.ts';

/** What the engine reads of a vocabulary by itself must be there; the rest is llama.cpp's to judge. @throws GgufFault */
export function checkVocabulary({ metadata }: GgufHeader): void {
  const model = findString(metadata, 'tokenizer.ggml.model');
  if (model === undefined || model === 'none' || model === 'no_vocab') {
    throw new GgufFault('unsupported-gguf', 'it has no vocabulary');
  }
  const tokens = metadata.get('tokenizer.ggml.tokens');
  if (!(tokens instanceof GgufStringArray) || tokens.length === 0) {
    throw new GgufFault('damaged-gguf', 'it lists no tokens');
  }
  findArray(metadata, 'tokenizer.ggml.token_type');
}
