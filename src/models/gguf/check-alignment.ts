import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';

/** `TENSOR_ALIGNMENT` of ggml, which asserts that the weights of a file mapped into memory begin at a multiple of it. */
const SMALLEST_ALIGNMENT = 32;

/** @throws GgufFault */
export function checkAlignment({ alignment }: GgufHeader): void {
  if (alignment >= SMALLEST_ALIGNMENT) return;
  throw new GgufFault(
    'unsupported-gguf',
    `its alignment is ${alignment} bytes, where ${SMALLEST_ALIGNMENT} are needed`,
  );
}
