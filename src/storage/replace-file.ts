import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import { syncFolder } from './sync-folder.ts';

/**
 * Puts another content in a file's place in one step: an interruption leaves the old one or the new one, whole. Behind a
 * link it is the file that is replaced, and not the link.
 */
export async function replaceFile<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const target = await realpath(path).catch(() => path);
  const partial = `${target}.partial`;
  try {
    const outcome = await writeSynced(partial, write);
    await rename(partial, target);
    await syncFolder(target);
    return outcome;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeSynced<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  await using file = await open(path, 'w');
  const outcome = await write(file);
  await file.sync();
  return outcome;
}
