import type { FileHandle } from 'node:fs/promises';

import { SourceFailure } from '../source-failure.ts';

/** Where the bytes of one file of a zip archive lie. */
export interface ZipEntry {
  name: string;
  method: 'stored' | 'deflated';
  compressedBytes: number;
  sizeBytes: number;
  /** Offset of the first compressed byte in the archive. */
  dataOffset: number;
}

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** A wheel of a model has a few entries; this bounds the memory for a hostile one. */
const LARGEST_DIRECTORY = 16 * 1024 * 1024;

/**
 * Reads the directory at the archive's end, as PKWARE's APPNOTE 4.3 describes it; no zip64, no encryption.
 *
 * @throws SourceFailure when the archive is damaged, or has no such entry.
 */
export async function findZipEntry(archive: FileHandle, name: string): Promise<ZipEntry> {
  const { size } = await archive.stat();
  const directory = await readDirectory(archive, size);
  for (let at = 0; at + CENTRAL_BYTES <= directory.length;) {
    if (directory.readUInt32LE(at) !== 0x02014b50) break;
    const nameEnd = at + CENTRAL_BYTES + directory.readUInt16LE(at + 28);
    if (directory.toString('utf8', at + CENTRAL_BYTES, nameEnd) === name) {
      return await locate(archive, size, name, directory.subarray(at));
    }
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  throw new SourceFailure(`the wheel has no file ${name}`);
}

async function readDirectory(archive: FileHandle, size: number): Promise<Buffer> {
  const tail = await readAt(archive, size, Math.max(0, size - END_BYTES - LONGEST_COMMENT), undefined);
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0 || end + END_BYTES > tail.length) throw damaged();
  const length = tail.readUInt32LE(end + 12);
  if (length > LARGEST_DIRECTORY) throw damaged();
  return await readAt(archive, size, tail.readUInt32LE(end + 16), length);
}

async function locate(archive: FileHandle, size: number, name: string, record: Buffer): Promise<ZipEntry> {
  const method = ({ 0: 'stored', 8: 'deflated' } as const)[record.readUInt16LE(10)];
  const isEncrypted = (record.readUInt16LE(8) & 1) !== 0;
  const localOffset = record.readUInt32LE(42);
  const compressedBytes = record.readUInt32LE(20);
  if (method === undefined || isEncrypted) throw new SourceFailure(`the wheel packs ${name} in an unknown way`);
  const local = await readAt(archive, size, localOffset, LOCAL_BYTES);
  if (local.readUInt32LE(0) !== 0x04034b50) throw damaged();
  const dataOffset = localOffset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (dataOffset + compressedBytes > size) throw damaged();
  return { name, method, compressedBytes, sizeBytes: record.readUInt32LE(24), dataOffset };
}

/** `length` undefined: to the end. A range outside of the file is damage. */
async function readAt(archive: FileHandle, size: number, offset: number, length: number | undefined): Promise<Buffer> {
  const wanted = length ?? size - offset;
  if (offset + wanted > size) throw damaged();
  const { buffer, bytesRead } = await archive.read(Buffer.alloc(wanted), 0, wanted, offset);
  if (bytesRead !== wanted) throw damaged();
  return buffer;
}

const damaged = (): SourceFailure => new SourceFailure('the wheel is damaged');
