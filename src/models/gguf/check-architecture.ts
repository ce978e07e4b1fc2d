import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import { findString } from './metadata-lookup.ts';

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

/** @returns the architecture, the prefix of the hyperparameters' keys. @throws GgufFault */
export function checkArchitecture({ metadata, tensors }: GgufHeader): string {
  const architecture = findString(metadata, 'general.architecture');
  if (architecture === undefined) throw new GgufFault('damaged-gguf', "it doesn't name its architecture");
  if (!/^[\w.-]{1,64}$/.test(architecture)) {
    throw new GgufFault('damaged-gguf', `its architecture is ${JSON.stringify(architecture.slice(0, 40))}`);
  }
  const type = findString(metadata, 'general.type');
  if (NOT_WRITERS.has(architecture) || (type !== undefined && type !== 'model')) {
    throw new GgufFault('unsupported-gguf', `it is no language model (${type ?? 'model'}, ${architecture})`);
  }
  if (tensors.length === 0) throw new GgufFault('damaged-gguf', 'it holds no tensors');
  return architecture;
}
