import { type FileHandle, open, stat } from 'node:fs/promises';

import { GgufFault } from './gguf-fault.ts';

/**
 * Opens a regular file to read; it looks before it opens, because opening a pipe would wait for a writer.
 *
 * @throws GgufFault `missing-file` when there is none, or it can't be read; `not-gguf` when it is no regular file.
 */
export async function openModelFile(path: string): Promise<{ file: FileHandle; fileSize: number }> {
  const stats = await stat(path).catch((error: unknown) => refuse(error));
  if (!stats.isFile()) {
    throw new GgufFault('not-gguf', stats.isDirectory() ? 'it is a folder' : 'it is not a regular file');
  }
  const file = await open(path, 'r').catch((error: unknown) => refuse(error));
  return { file, fileSize: stats.size };
}

function refuse(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const clause =
    code === 'ENOENT' || code === 'ENOTDIR' ? "it doesn't exist" : `it can't be read (${code || 'unknown'})`;
  throw new GgufFault('missing-file', clause, { cause: error });
}
