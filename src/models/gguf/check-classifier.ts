import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';

const OUTPUT = 'cls.output.weight';
/** In some models the head is this alone; in others it comes before the outputs. */
const HEAD = 'cls.weight';

/** Whether the tensors of a classification head are there. */
export function hasClassifier({ tensors }: GgufHeader): boolean {
  return tensors.some(({ name, dimensions }) => name === OUTPUT || (name === HEAD && dimensions[1] === 1));
}

/** llama.cpp would read a hidden state in place of the classes' outputs. @throws GgufFault */
export function checkClassifier(header: GgufHeader): void {
  if (!hasClassifier(header)) throw new GgufFault('unsupported-gguf', 'it has no classification head');
}
