import { DownloadError } from '../core/errors.ts';
import { isDiskFull } from '../storage/storage-error.ts';
import { formatBytes } from './format-bytes.ts';

const WAY_OUT = 'set WELLBEGUN_CACHE to a directory';

export function diskFullError(directory: string, bytesNeeded: number | undefined, cause?: unknown): DownloadError {
  const need = bytesNeeded === undefined ? 'the model' : `another ${formatBytes(bytesNeeded)}`;
  const message = `${directory} has no room for ${need}: free some space there, or ${WAY_OUT} on a larger disk.`;
  return new DownloadError('disk-full', message, { cause });
}

/**
 * Runs `action`, which touches the file system only, and turns its errors into sentences that name `directory`.
 *
 * @param bytesNeeded what is still to be written, undefined when unknown
 * @throws DownloadError `disk-full` or `cache-not-writable`: no other source can help.
 */
export async function withStorageErrors<T>(
  directory: string,
  bytesNeeded: number | undefined,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const { code } = error;
    if (isDiskFull(error)) throw diskFullError(directory, bytesNeeded, error);
    const message = `Can't write to ${directory} (${code}): make it writable, or ${WAY_OUT} that is.`;
    throw new DownloadError('cache-not-writable', message, { cause: error });
  }
}

function isSystemError(error: unknown): error is { code: string; errno: number } {
  return error instanceof Error && 'errno' in error && 'code' in error && typeof error.code === 'string';
}
