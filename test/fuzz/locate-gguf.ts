import { GGUF_VALUE_TYPES, type GgufItemType } from '../../src/models/gguf/gguf-value.ts';
import { NUMBER_SIZES } from '../../src/models/gguf/read-number.ts';

/** Where the parts of one metadata pair lie, in bytes from the start of the file. */
export interface LocatedPair {
  readonly key: string;
  readonly keyAt: number;
  readonly typeAt: number;
  /** The value; of an array, its item type. */
  readonly valueAt: number;
  /** Excluded. */
  readonly end: number;
  readonly type: (typeof GGUF_VALUE_TYPES)[number];
}

export interface LocatedTensor {
  readonly nameAt: number;
  readonly rankAt: number;
  readonly dimensionsAt: number;
  readonly rank: number;
  readonly typeAt: number;
  readonly offsetAt: number;
}

export interface LocatedGguf {
  readonly pairs: readonly LocatedPair[];
  readonly tensors: readonly LocatedTensor[];
  /** Where the header ends, before the padding. */
  readonly headerEnd: number;
}

/** Finds the parts of a well-formed GGUF file, for mutations that aim at them. */
export function locateGguf(bytes: Buffer): LocatedGguf {
  const [tensorCount, pairCount] = [u64(bytes, 8), u64(bytes, 16)];
  const pairs: LocatedPair[] = [];
  const tensors: LocatedTensor[] = [];
  let position = 24;
  while (pairs.length < pairCount) {
    pairs.push(locatePair(bytes, position));
    position = pairs.at(-1)!.end;
  }
  while (tensors.length < tensorCount) {
    tensors.push(locateTensor(bytes, position));
    position = tensors.at(-1)!.offsetAt + 8;
  }
  return { pairs, tensors, headerEnd: position };
}

function locatePair(bytes: Buffer, keyAt: number): LocatedPair {
  const typeAt = keyAt + 8 + u64(bytes, keyAt);
  const key = bytes.toString('utf8', keyAt + 8, typeAt);
  const type = GGUF_VALUE_TYPES[bytes.readUInt32LE(typeAt)]!;
  const valueAt = typeAt + 4;
  const end = type === 'array' ? endOfArray(bytes, valueAt) : endOfItem(bytes, valueAt, type);
  return { key, keyAt, typeAt, valueAt, end, type };
}

function endOfArray(bytes: Buffer, valueAt: number): number {
  const itemType = GGUF_VALUE_TYPES[bytes.readUInt32LE(valueAt)] as GgufItemType;
  let position = valueAt + 12;
  for (let left = u64(bytes, valueAt + 4); left > 0; left--) position = endOfItem(bytes, position, itemType);
  return position;
}

function endOfItem(bytes: Buffer, position: number, type: GgufItemType): number {
  return position + (type === 'string' ? 8 + u64(bytes, position) : NUMBER_SIZES[type]);
}

function locateTensor(bytes: Buffer, nameAt: number): LocatedTensor {
  const rankAt = nameAt + 8 + u64(bytes, nameAt);
  const rank = bytes.readUInt32LE(rankAt);
  const dimensionsAt = rankAt + 4;
  const typeAt = dimensionsAt + 8 * rank;
  return { nameAt, rankAt, dimensionsAt, rank, typeAt, offsetAt: typeAt + 4 };
}

function u64(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}
