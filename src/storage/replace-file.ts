import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { syncFolder } from './sync-folder.ts';

/** Puts another content in a file's place in one step: an interruption leaves the old one or the new one, whole. */
export async function replaceFile<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const partial = `${path}.partial`;
  try {
    const outcome = await writeSynced(partial, write);
    await rename(partial, path);
    await syncFolder(path);
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
