import { checkTensorLayout, pad } from './check-tensor-layout.ts';
import { FileHead } from './file-head.ts';
import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import type { GgufValue } from './gguf-value.ts';
import { HeaderCursor } from './header-cursor.ts';
import { readMetadata } from './read-metadata.ts';
import { readTensors } from './read-tensors.ts';

const MAGIC = 'GGUF';
const DEFAULT_ALIGNMENT = 32;
/** A key of one byte with a value of one byte; a name of one byte with one dimension. */
const SMALLEST_PAIR_BYTES = 14;
const SMALLEST_TENSOR_BYTES = 33;

/** @throws GgufFault when the header is not well-formed. */
export function parseHeader(descriptor: number, fileSize: number): GgufHeader {
  const head = new FileHead(descriptor, fileSize);
  const cursor = new HeaderCursor(head);
  readMagic(head, cursor);
  const version = readVersion(cursor);
  const tensorCount = cursor.count(Math.floor(cursor.remaining / SMALLEST_TENSOR_BYTES), 'the number of tensors');
  const pairCount = cursor.count(Math.floor(cursor.remaining / SMALLEST_PAIR_BYTES), 'the number of metadata values');
  const metadata = readMetadata(cursor, pairCount);
  const alignment = readAlignment(metadata);
  const tensors = readTensors(cursor, tensorCount);
  const dataOffset = pad(cursor.position, alignment);
  const header = { version, fileSize, alignment, metadata, tensors, dataOffset };
  checkTensorLayout(header);
  return header;
}

function readMagic(head: FileHead, cursor: HeaderCursor): void {
  if (head.fileSize === 0) throw new GgufFault('truncated-gguf', 'it is empty');
  const what = 'the first four bytes';
  if (head.fileSize >= MAGIC.length) head.ensure(MAGIC.length, what);
  if (head.bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new GgufFault('not-gguf', `it is not a GGUF file, which begins with the letters ${MAGIC}`);
  }
  cursor.position = MAGIC.length;
}

function readVersion(cursor: HeaderCursor): number {
  const version = cursor.u32('the version');
  if (version === 2 || version === 3) return version;
  if ((version & 0xffff) === 0 && version !== 0) {
    throw new GgufFault('unsupported-gguf', 'it was written for big-endian machines');
  }
  throw new GgufFault('unsupported-gguf', `it has the GGUF version ${version}, where 2 and 3 are known`);
}

function readAlignment(metadata: ReadonlyMap<string, GgufValue>): number {
  const value = metadata.get('general.alignment');
  if (value === undefined) return DEFAULT_ALIGNMENT;
  const alignment = value.type === 'u32' && typeof value.value === 'number' ? value.value : 0;
  if (alignment === 0 || (alignment & (alignment - 1)) !== 0) {
    throw new GgufFault('damaged-gguf', 'its alignment is not a power of two');
  }
  return alignment;
}
