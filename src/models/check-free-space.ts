import { statfs } from 'node:fs/promises';

import { diskFullError } from './storage-error.ts';

/**
 * Fails early where the disk is known to be too small; a file system that can't tell passes.
 *
 * @throws DownloadError `disk-full`
 */
export async function checkFreeSpace(directory: string, bytesNeeded: number): Promise<void> {
  const disk = await statfs(directory).catch(() => undefined);
  // Some network and virtual file systems report a size of zero.
  if (!disk || disk.blocks === 0) return;
  if (disk.bavail * disk.bsize < bytesNeeded) throw diskFullError(directory, bytesNeeded);
}
