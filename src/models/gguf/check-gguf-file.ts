import { checkAlignment } from './check-alignment.ts';
import { checkArchitecture, type ModelPurpose } from './check-architecture.ts';
import { checkClassifier } from './check-classifier.ts';
import { checkHyperparameters } from './check-hyperparameters.ts';
import { checkSingleFile } from './check-single-file.ts';
import { checkTensorTypes } from './check-tensor-types.ts';
import { checkTokenizer } from './check-tokenizer.ts';
import { GgufFault, toModelFileError } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import { readGgufHeader } from './read-gguf-header.ts';

/**
 * Says whether a file is one that the native library can be given. That library ends the whole process, with no error
 * to catch, when it meets certain damage; this meets it first. It reads the header, never the weights.
 *
 * @throws ModelFileError `missing-file`, `not-gguf`, `truncated-gguf`, `damaged-gguf` or `unsupported-gguf`.
 */
export async function checkGgufFile(path: string, purpose: ModelPurpose = 'writer'): Promise<GgufHeader> {
  const header = await readGgufHeader(path);
  try {
    checkAlignment(header);
    checkSingleFile(header);
    checkHyperparameters(header, checkArchitecture(header, purpose), purpose);
    if (purpose === 'classifier') checkClassifier(header);
    checkTensorTypes(header);
    checkTokenizer(header);
  } catch (error) {
    if (error instanceof GgufFault) throw toModelFileError(error, path);
    throw error;
  }
  return header;
}
