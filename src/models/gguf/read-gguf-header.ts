import { GgufFault, toModelFileError } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import { openModelFile } from './open-model-file.ts';
import { parseHeader } from './parse-header.ts';

/**
 * Reads the header of a GGUF file, and nothing of its weights. It never allocates more than what is really in the file.
 *
 * @throws ModelFileError `missing-file`, `not-gguf`, `truncated-gguf`, `damaged-gguf` or `unsupported-gguf`.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  try {
    const { file, fileSize } = await openModelFile(path);
    try {
      return parseHeader(file.fd, fileSize);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof GgufFault) throw toModelFileError(error, path);
    throw error;
  }
}
