import { type Entry, openPromise, type ZipFile } from 'yauzl';

import { DownloadError } from '../../core/errors.ts';
import type { PartialFile } from '../partial-file.ts';
import { SourceFailure } from '../source-failure.ts';

/**
 * Appends one file of a wheel, which is a zip archive, to `output`, in chunks.
 *
 * @throws SourceFailure when the wheel is damaged or has no such file; DownloadError from the disk.
 */
export async function extractPart(
  wheel: string,
  name: string,
  output: PartialFile,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const archive = await openPromise(wheel, { autoClose: false });
    try {
      await appendEntry(archive, await findEntry(archive, name), output, signal);
    } finally {
      archive.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SourceFailure || error instanceof DownloadError) throw error;
    throw new SourceFailure('the wheel is damaged', { cause: error });
  }
}

async function findEntry(archive: ZipFile, name: string): Promise<Entry> {
  for await (const entry of archive.eachEntry()) if (entry.fileName === name) return entry;
  throw new SourceFailure(`the wheel has no file ${name}`);
}

async function appendEntry(archive: ZipFile, entry: Entry, output: PartialFile, signal?: AbortSignal): Promise<void> {
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    signal?.throwIfAborted();
    await output.append(chunk as Buffer);
  }
}
