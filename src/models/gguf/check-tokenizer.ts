import { checkMerges } from './check-merges.ts';
import { checkSpecialTokens } from './check-special-tokens.ts';
import { checkTokens } from './check-tokens.ts';
import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import { findArray, findString } from './metadata-lookup.ts';

/** The arrays beside the tokens, and the types that llama.cpp accepts in them. */
const BESIDE_TOKENS: Record<string, readonly string[]> = {
  'tokenizer.ggml.scores': ['f32', 'i32'],
  'tokenizer.ggml.token_type': ['i32'],
};

/** Refuses a vocabulary that llama.cpp aborts on, now or when it tokenises. @throws GgufFault */
export function checkTokenizer({ metadata }: GgufHeader): void {
  const model = findString(metadata, 'tokenizer.ggml.model');
  if (model === undefined || model === 'none' || model === 'no_vocab') {
    throw new GgufFault('unsupported-gguf', 'it has no vocabulary');
  }
  const count = checkTokens(metadata, model);
  for (const [key, types] of Object.entries(BESIDE_TOKENS)) {
    const beside = findArray(metadata, key);
    if (beside === undefined) continue;
    if (!types.includes(beside.itemType) || beside.length < count) {
      throw new GgufFault('damaged-gguf', `${key} has ${beside.length} ${beside.itemType} for ${count} tokens`);
    }
  }
  checkMerges(metadata);
  checkSpecialTokens(metadata, model, count);
}
