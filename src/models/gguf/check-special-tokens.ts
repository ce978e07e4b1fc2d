import { GgufFault } from './gguf-fault.ts';
import type { GgufValue } from './gguf-value.ts';
import { findBoolean, findU32 } from './metadata-lookup.ts';

/** What llama.cpp takes where the file doesn't say; it drops a default outside of the vocabulary. */
const DEFAULTS: Record<string, { bos?: number; eos?: number; sep?: number }> = {
  llama: { bos: 1, eos: 2 },
  bert: { bos: 101, sep: 102 },
  gpt2: { bos: 11, eos: 11 },
  hybriddna: { bos: 11, eos: 11 },
  whitespace: { bos: 11, eos: 11 },
  t5: { eos: 1 },
  plamo2: { bos: 1, eos: 2 },
};

const KEYS = {
  bos: 'tokenizer.ggml.bos_token_id',
  eos: 'tokenizer.ggml.eos_token_id',
  sep: 'tokenizer.ggml.seperator_token_id',
} as const;

const ALWAYS_ADDED: Record<string, 'bos' | 'eos'> = { llama: 'bos', bert: 'bos', t5: 'eos' };

/** Tokens that begin or end a text are in the vocabulary, and exist where they are added. @throws GgufFault */
export function checkSpecialTokens(
  metadata: ReadonlyMap<string, GgufValue>,
  tokenizerModel: string,
  tokenCount: number,
): void {
  for (const key of [KEYS.bos, KEYS.eos, 'tokenizer.ggml.eot_token_id', 'tokenizer.ggml.eom_token_id']) {
    const token = findU32(metadata, key);
    if (token !== undefined && token >= tokenCount) {
      throw new GgufFault('damaged-gguf', `${key} is ${token} in a vocabulary of ${tokenCount} tokens`);
    }
  }
  for (const name of ['bos', 'eos', 'sep'] as const) {
    const isDefault = ALWAYS_ADDED[tokenizerModel] === name;
    if (!(findBoolean(metadata, `tokenizer.ggml.add_${name}_token`) ?? isDefault)) continue;
    const token = findU32(metadata, KEYS[name]) ?? DEFAULTS[tokenizerModel]?.[name] ?? tokenCount;
    if (token >= tokenCount) throw new GgufFault('damaged-gguf', `it adds a ${name} token, but has none`);
  }
}
