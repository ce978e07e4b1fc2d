import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';

/** As ggml demands: every tensor begins where the one before ended, padded to the alignment, and lies in the file. */
export function checkTensorLayout(header: GgufHeader): void {
  const dataBytes = header.fileSize - header.dataOffset;
  let expected = 0;
  for (const { name, offset, byteLength } of header.tensors) {
    if (offset !== expected) {
      throw new GgufFault(
        'damaged-gguf',
        `the tensor ${name} begins at byte ${offset} of the data instead of ${expected}`,
      );
    }
    if (offset + byteLength > dataBytes) {
      const clause = `its data has ${Math.max(dataBytes, 0)} bytes, where the tensor ${name} ends at ${offset + byteLength}`;
      throw new GgufFault('truncated-gguf', clause);
    }
    expected = pad(offset + byteLength, header.alignment);
  }
}

/** The smallest multiple of `alignment` that is not less than `position`. */
export function pad(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}
