import type { GgufArray, GgufHeader, GgufItem, GgufValue } from '../../src/models/index.ts';
import type { WrittenValue } from '../../test/fixtures/tiny-gguf/gguf-content.ts';

/** `tokenizer.ggml.token_type`: what prints is `NORMAL` or a byte; the rest marks turns and ends. */
const CONTROL = 3;
const PER_TOKEN = new Set(['tokens', 'scores', 'token_type'].map((name) => `tokenizer.ggml.${name}`));

export interface CopiedTokenizer {
  readonly metadata: Readonly<Record<string, WrittenValue>>;
  readonly vocabularySize: number;
  readonly controlTokens: readonly number[];
}

/**
 * The tokenizer of a GGUF file.
 *
 * @param vocabularySize keep the first so many tokens: the vocabulary of a unigram tokenizer without merges is sorted,
 * so its beginning is a smaller vocabulary of the same kind
 */
export function copyTokenizer({ metadata }: GgufHeader, vocabularySize = Infinity): CopiedTokenizer {
  const own = [...metadata].filter(([key]) => key.startsWith('tokenizer.'));
  const copied = own.map(([key, value]) => [key, copy(value, PER_TOKEN.has(key) ? vocabularySize : Infinity)] as const);
  const types = metadata.get('tokenizer.ggml.token_type') as GgufArray | undefined;
  const tokens = metadata.get('tokenizer.ggml.tokens') as GgufArray;
  const size = Math.min(tokens.length, vocabularySize);
  const ids = Array.from({ length: size }, (_, token) => token);
  return {
    metadata: Object.fromEntries(copied),
    vocabularySize: size,
    controlTokens: ids.filter((token) => types?.at(token) === CONTROL),
  };
}

function copy(value: GgufValue, most: number): WrittenValue {
  if (!isArray(value)) return { type: value.type, value: value.value };
  const items = Array.from({ length: Math.min(value.length, most) }, (_, i) => value.at(i) as GgufItem);
  return { type: 'array', itemType: value.itemType, items };
}

function isArray(value: GgufValue): value is GgufArray {
  return value.type === 'array';
}
