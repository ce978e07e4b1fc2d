import { ConfigError } from '../../core/errors.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';

/**
 * Most characters of one kind in a row. Tekken's pattern, the hungriest, ends the process on a stack of 8 MiB between
 * 7,500 and 10,000 letters.
 */
export const MOST_UNBROKEN = 4096;

/** LLAMA_VOCAB_TYPE_BPE; the other tokenizers don't split texts by patterns. */
const BYTE_PAIR = 2;

/** Values of `tokenizer.ggml.pre` whose patterns llama.cpp matches by hand (`unicode_regex_split_custom`), or sign by sign. */
const WITHOUT_RECURSION = new Set([
  ...['llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'falcon-h1', 'pixtral', 'midm-2.0', 'lfm2', 'jina-v5-nano'],
  ...['gpt-2', 'phi-2', 'jina-es', 'jina-de', 'gigachat', 'jina-v2-es', 'jina-v2-de', 'a.x-4.0', 'mellum'],
  ...['modern-bert', 'jina-v1-en', 'jina-v2-code', 'roberta-bpe', 'exaone4', 'mpt', 'olmo', 'jais', 'trillion'],
  ...['granite-docling', 'starcoder', 'refact', 'command-r', 'smollm', 'codeshell', 'exaone', 'minerva-7b', 'mellum2'],
  ...['qwen2', 'deepseek-r1-qwen', 'kormo', 'f2llmv2', 'megrez', 'qwen35', 'stablelm2', 'hunyuan', 'solar-open'],
  ...['grok-2', 'dbrx', 'smaug-bpe', 'glm4', 'chatglm-bpe', 'kimi-k2', 'laguna', 'gemma4', 'sarvam-moe'],
  'granite-embed-multi-311m',
]);

/** What one match of the other patterns can be: signs of one kind. */
const OF_ONE_KIND = /[\p{L}\p{M}]+|\p{N}+|\s+|[^\s\p{L}\p{M}\p{N}]+/gu;
const BETWEEN_SPACES = /\S+|\s+/g;
const LETTERS_AND_SPACES = /[\p{L}\p{M} ]+|\p{N}+|\s+|[^\s\p{L}\p{M}\p{N}]+/gu;

/** Of those, the ones whose matches hold more. */
const WIDER: Readonly<Record<string, RegExp>> = {
  bloom: BETWEEN_SPACES,
  'gpt3-finnish': BETWEEN_SPACES,
  'poro-chat': BETWEEN_SPACES,
  viking: BETWEEN_SPACES,
  whitespace: BETWEEN_SPACES,
  'exaone-moe': LETTERS_AND_SPACES,
};

/**
 * Most pre-tokenizers of llama.cpp are patterns for `std::regex`, which takes a piece of the stack for each character of a
 * match, so a long text without a break would end the process.
 *
 * @returns for each character of one match, a pattern that matches at least as much; undefined where there is no such danger
 */
export function recursivePattern(library: LlamaLibrary, model: Pointer): RegExp | undefined {
  if (library.vocabType(library.modelVocab(model)) !== BYTE_PAIR) return undefined;
  const name = library.modelText(model, 'tokenizer.ggml.pre') ?? 'default';
  return WITHOUT_RECURSION.has(name) ? undefined : (WIDER[name] ?? OF_ONE_KIND);
}

/** @throws ConfigError when a match of the pattern is longer than `MOST_UNBROKEN` */
export function assertBroken(text: string, pattern: RegExp): void {
  if (text.length <= MOST_UNBROKEN) return;
  for (const { 0: run } of text.matchAll(pattern)) if (run.length > MOST_UNBROKEN) throw unbroken(run);
}

function unbroken(run: string): ConfigError {
  return new ConfigError(
    'unbroken-text',
    `The text has ${run.length} characters of one kind in a row, beginning with ${JSON.stringify(run.slice(0, 12))}, and ` +
      `llama.cpp can't split more than ${MOST_UNBROKEN} for this model: break them up, or choose another model.`,
  );
}
