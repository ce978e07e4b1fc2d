import { ModelFileError } from '../core/errors.ts';
import { computeSha256 } from './compute-sha256.ts';
import type { PullTask } from './pull-task.ts';
import type { VerifiedFiles } from './verified-files.ts';
import type { WantedFile } from './wanted-file.ts';

export interface VerifyOptions extends Pick<PullTask, 'progress' | 'signal'> {
  /** What takes longer, in milliseconds, is announced. */
  readonly patienceMs?: number;
}

/**
 * Hashes a file whose hash is known, unless that was done since the file changed: it may have been put there by hand, or
 * be damaged on the disk.
 *
 * @throws ModelFileError when it is another file, or can't be read
 */
export async function assertVerified(
  { model, path, expected: { sha256 } }: WantedFile,
  verified: VerifiedFiles,
  { progress, signal, patienceMs = 2000 }: VerifyOptions,
): Promise<void> {
  if (sha256 === undefined || (await verified.has(path, sha256))) return;
  const timer = setTimeout(() => progress.note(`Verifying ${model}, once.`), patienceMs);
  const actual = await computeSha256(path, signal)
    .catch((error: unknown) => refuseUnreadable(error, path))
    .finally(() => clearTimeout(timer));
  if (actual !== sha256) {
    throw new ModelFileError(
      'wrong-hash',
      `${path} is not the ${model} of the catalogue (its SHA-256 is ${actual} instead of ${sha256}): delete it to have it downloaded again, or put the right file there.`,
    );
  }
  await verified.add(path, sha256);
}

function refuseUnreadable(cause: unknown, path: string): never {
  if (!(cause instanceof Error) || !('errno' in cause)) throw cause;
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  throw new ModelFileError(
    'unreadable-model',
    `${path} can't be read (${code}): make it readable, or delete it to have it downloaded again.`,
    { cause },
  );
}
