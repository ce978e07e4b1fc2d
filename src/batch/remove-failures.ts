import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { LineSplitter } from './line-splitter.ts';
import { readResultLine } from './result-line.ts';
import { withStorageErrors } from './storage-error.ts';
import { syncFolder } from './sync-folder.ts';

const BUFFER_BYTES = 1 << 20;

/**
 * Takes failures out of the output, so that their lines are done anew. The new file takes the old one's place in one
 * step, so an interruption leaves the one or the other.
 *
 * @param sizeBytes as much of the file is whole lines
 * @returns the new file's size in bytes
 */
export async function removeFailures(path: string, sizeBytes: number): Promise<number> {
  const partial = `${path}.partial`;
  return await withStorageErrors(path, async () => {
    try {
      const left = await copySuccesses(path, partial, sizeBytes);
      await rename(partial, path);
      await syncFolder(path);
      return left;
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  });
}

async function copySuccesses(path: string, partial: string, sizeBytes: number): Promise<number> {
  await using target = await open(partial, 'w');
  const splitter = new LineSplitter();
  let written = 0;
  let buffer: string[] = [];
  let buffered = 0;
  const flush = async () => {
    await target.appendFile(buffer.join(''));
    [buffer, written, buffered] = [[], written + buffered, 0];
  };
  for await (const chunk of createReadStream(path, { end: sizeBytes - 1 }) as AsyncIterable<Buffer>) {
    for (const { bytes } of splitter.push(chunk)) {
      const text = Buffer.from(bytes!).toString();
      if (readResultLine(text)?.hasFailed) continue;
      buffer.push(`${text}\n`);
      buffered += bytes!.length + 1;
    }
    if (buffered > BUFFER_BYTES) await flush();
  }
  await flush();
  await target.sync();
  return written;
}
