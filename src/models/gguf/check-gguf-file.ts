import { checkArchitecture, type ModelPurpose } from './check-architecture.ts';
import { checkClassifier } from './check-classifier.ts';
import { checkSingleFile } from './check-single-file.ts';
import { checkVocabulary } from './check-vocabulary.ts';
import { GgufFault, toModelFileError } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import { readGgufHeader } from './read-gguf-header.ts';

/**
 * Says in a sentence what keeps a file from being used, where the header tells: it is cut short, one of several parts, or no
 * model for this purpose. Damage on which the native library ends its process is for a trial in a process of its own to
 * find (docs/decisions/0013-checks-and-trials.md). It reads the header, never the weights.
 *
 * @throws ModelFileError `missing-file`, `not-gguf`, `truncated-gguf`, `damaged-gguf` or `unsupported-gguf`.
 */
export async function checkGgufFile(path: string, purpose: ModelPurpose = 'writer'): Promise<GgufHeader> {
  const header = await readGgufHeader(path);
  try {
    checkSingleFile(header);
    checkArchitecture(header, purpose);
    if (purpose === 'classifier') checkClassifier(header);
    checkVocabulary(header);
  } catch (error) {
    if (error instanceof GgufFault) throw toModelFileError(error, path);
    throw error;
  }
  return header;
}
