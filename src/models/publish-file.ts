import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';

import { syncFolder } from '../storage/sync-folder.ts';
import { removePartialFile } from './partial-file.ts';
import { SourceFailure } from './source-failure.ts';
import { withStorageErrors } from './storage-error.ts';
import { verifyFile, type ExpectedFile } from './verify-file.ts';

/**
 * Gives a whole, closed partial its final name, in one step, after its size and hash proved right.
 *
 * @throws SourceFailure when they are wrong; the partial is gone then.
 */
export async function publishFile(
  partial: string,
  target: string,
  expected: ExpectedFile,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await withStorageErrors(dirname(partial), undefined, () => verifyFile(partial, expected, signal));
  } catch (error) {
    if (error instanceof SourceFailure) await removePartialFile(partial);
    throw error;
  }
  await withStorageErrors(dirname(target), undefined, () => rename(partial, target));
  await removePartialFile(partial);
  await syncFolder(target);
}
