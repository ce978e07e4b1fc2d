import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { replaceFile } from '../storage/replace-file.ts';
import { LineSplitter } from './line-splitter.ts';

const BUFFER_BYTES = 1 << 20;
const NEWLINE = Buffer.from('\n');

/**
 * Takes lines out of a file, which another one replaces in one step.
 *
 * @param sizeBytes as much of the file is whole lines
 * @returns the new file's size in bytes
 * @throws the file system's errors
 */
export async function removeItems(
  path: string,
  sizeBytes: number,
  isRemoved: (text: string) => boolean,
): Promise<number> {
  return await replaceFile(path, (target) => copyOthers(path, target, sizeBytes, isRemoved));
}

async function copyOthers(path: string, target: FileHandle, sizeBytes: number, isRemoved: (text: string) => boolean) {
  const splitter = new LineSplitter();
  let written = 0;
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  const flush = async () => {
    await target.appendFile(Buffer.concat(kept));
    [kept, written, keptBytes] = [[], written + keptBytes, 0];
  };
  for await (const chunk of createReadStream(path, { end: sizeBytes - 1 }) as AsyncIterable<Buffer>) {
    for (const { bytes } of splitter.push(chunk)) {
      if (isRemoved(Buffer.from(bytes!).toString())) continue;
      kept.push(bytes!, NEWLINE);
      keptBytes += bytes!.length + NEWLINE.length;
    }
    if (keptBytes > BUFFER_BYTES) await flush();
  }
  await flush();
  return written;
}
