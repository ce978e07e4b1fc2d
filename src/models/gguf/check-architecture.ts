import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import { findBoolean, findString } from './metadata-lookup.ts';

/** What a file is wanted for: writing text, or saying what class a text is of. */
export type ModelPurpose = 'writer' | 'classifier';

/** Encoders for which llama.cpp knows a classification head. */
const CLASSIFIERS = new Set(['bert', 'jina-bert-v2', 'modern-bert', 'neo-bert', 'nomic-bert', 'nomic-bert-moe']);

/** Known to llama.cpp, but not as models that write text by themselves. */
const NOT_WRITERS = new Set([
  'bert',
  'clip',
  'dflash',
  'eagle3',
  'eurobert',
  'gemma-embedding',
  'gemma4-assistant',
  'jina-bert-v2',
  'jina-bert-v3',
  'llama-embed',
  'modern-bert',
  'neo-bert',
  'nomic-bert',
  'nomic-bert-moe',
  't5',
  't5encoder',
  'wavtokenizer-dec',
]);

const NOUNS = { writer: 'language model', classifier: 'encoder with classes' } as const;

/** @throws GgufFault for a file of another purpose */
export function checkArchitecture({ metadata, tensors }: GgufHeader, purpose: ModelPurpose): void {
  const architecture = findString(metadata, 'general.architecture');
  if (architecture === undefined) throw new GgufFault('damaged-gguf', "it doesn't name its architecture");
  if (!/^[\w.-]{1,64}$/.test(architecture)) {
    throw new GgufFault('damaged-gguf', `its architecture is ${JSON.stringify(architecture.slice(0, 40))}`);
  }
  const type = findString(metadata, 'general.type');
  const unfit = purpose === 'classifier' ? !CLASSIFIERS.has(architecture) : NOT_WRITERS.has(architecture);
  if (unfit || (type !== undefined && type !== 'model')) {
    throw new GgufFault('unsupported-gguf', `it is no ${NOUNS[purpose]} (${type ?? 'model'}, ${architecture})`);
  }
  if (purpose === 'writer' && findBoolean(metadata, `${architecture}.attention.causal`) === false) {
    throw new GgufFault('unsupported-gguf', 'it is an encoder, which makes no text');
  }
  if (tensors.length === 0) throw new GgufFault('damaged-gguf', 'it holds no tensors');
}
