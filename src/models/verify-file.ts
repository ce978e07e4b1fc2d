import { stat } from 'node:fs/promises';

import { computeSha256 } from './compute-sha256.ts';
import { SourceFailure } from './source-failure.ts';

/** What the whole file must be; each field is checked only where it is known. */
export interface ExpectedFile {
  sizeBytes?: number | undefined;
  /** 64 lower-case hexadecimal digits. */
  sha256?: string | undefined;
}

/** @throws SourceFailure when the size or the hash, computed over the whole file, is another. */
export async function verifyFile(path: string, expected: ExpectedFile, signal?: AbortSignal): Promise<void> {
  const { size } = await stat(path);
  if (expected.sizeBytes !== undefined && size !== expected.sizeBytes) {
    throw new SourceFailure(`the file has ${size} bytes instead of ${expected.sizeBytes}`);
  }
  if (expected.sha256 === undefined) return;
  const actual = await computeSha256(path, signal);
  if (actual !== expected.sha256) {
    throw new SourceFailure(`the file has the SHA-256 ${actual} instead of ${expected.sha256} and was removed`);
  }
}
