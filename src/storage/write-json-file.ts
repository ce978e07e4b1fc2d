import { access, constants, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError, WellbegunError } from '../core/errors.ts';

/** @throws ConfigError when nothing can be written there; to be asked before the work whose result it will hold */
export async function assertWritable(path: string, option: string): Promise<void> {
  const kind = await kindOf(path);
  if (kind === 'folder' || path.endsWith('/')) {
    throw new ConfigError('unwritable-file', `${option}: ${path} is a folder: name a file in it.`);
  }
  try {
    if (kind !== 'none') await access(path, constants.W_OK);
    // A file is replaced by another one, which is written beside it.
    if (kind !== 'device') await access(dirname(await realpath(path).catch(() => resolve(path))), constants.W_OK);
  } catch (cause) {
    throw new ConfigError(
      'unwritable-file',
      `${option}: ${path} can't be written, it or its folder is missing or read-only: name another file.`,
      { cause },
    );
  }
}

/** Writes a value as JSON, like `writeTextFile`. */
export async function writeJsonFile(path: string, value: unknown, option: string): Promise<void> {
  await writeTextFile(path, `${JSON.stringify(value, null, 2)}\n`, option);
}

/** Writes all of it or nothing; a pipe or device, such as /dev/stderr, is written as it is. */
export async function writeTextFile(path: string, text: string, option: string): Promise<void> {
  try {
    if ((await kindOf(path)) === 'device') await writeFile(path, text);
    else await writeWhole(await realpath(path).catch(() => path), text);
  } catch (cause) {
    throw new WellbegunError(
      'unwritten-file',
      `${option}: ${path} could not be written (${reasonOf(cause)}): name another file.`,
      { cause },
    );
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function kindOf(path: string): Promise<'none' | 'file' | 'folder' | 'device'> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) return 'none';
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'device';
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ENOSPC' ? 'its disk is full' : message;
}
