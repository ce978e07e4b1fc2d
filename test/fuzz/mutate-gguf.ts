import { pad } from '../../src/models/gguf/check-tensor-layout.ts';
import { GGUF_VALUE_TYPES } from '../../src/models/gguf/gguf-value.ts';
import { NUMBER_SIZES } from '../../src/models/gguf/read-number.ts';
import { type LocatedGguf, locateGguf } from './locate-gguf.ts';
import { oddLong, writeOddNumber } from './odd-numbers.ts';
import { type RandomSource, randomSource } from './random-source.ts';

type Mutation = (bytes: Buffer, located: LocatedGguf, random: RandomSource) => Buffer;

const MUTATIONS = {
  'flip-header-bits': (bytes, { headerEnd }, random) => flipBits(bytes, headerEnd, random),
  'flip-any-bits': (bytes, _, random) => flipBits(bytes, bytes.length, random),
  truncate: (bytes, { headerEnd }, random) => bytes.subarray(0, random.below(random.pick([headerEnd, bytes.length]))),
  'change-counts': (bytes, _, random) => {
    bytes.writeBigUInt64LE(oddLong(random), random.pick([8, 16]));
    return bytes;
  },
  'change-version': (bytes, _, random) => {
    bytes.writeUInt32LE(random.pick([0, 1, 2, 4, 0x0300_0000, 0xffff_ffff]), 4);
    return bytes;
  },
  'change-length': (bytes, { pairs, tensors }, random) => {
    const lengths = [...pairs.map(({ keyAt }) => keyAt), ...tensors.map(({ nameAt }) => nameAt)];
    const strings = pairs.filter(({ type }) => type === 'string').map(({ valueAt }) => valueAt);
    const arrays = pairs.filter(({ type }) => type === 'array').map(({ valueAt }) => valueAt + 4);
    bytes.writeBigUInt64LE(oddLong(random), random.pick([...lengths, ...strings, ...arrays]));
    return bytes;
  },
  'change-value-type': (bytes, { pairs }, random) => {
    const { type, typeAt, valueAt } = random.pick(pairs);
    const at = type === 'array' ? random.pick([typeAt, valueAt]) : typeAt;
    bytes.writeUInt32LE(random.below(GGUF_VALUE_TYPES.length + 1), at);
    return bytes;
  },
  'change-number': (bytes, { pairs }, random) => {
    const numbers = pairs.filter(({ type }) => type !== 'array' && type !== 'string');
    const { type, valueAt } = random.pick(numbers);
    if (type !== 'array' && type !== 'string') writeOddNumber(bytes, valueAt, type, random);
    return bytes;
  },
  'change-array-item': (bytes, { pairs }, random) => {
    const { valueAt, end } = random.pick(pairs.filter(({ type }) => type === 'array'));
    const itemType = GGUF_VALUE_TYPES[bytes.readUInt32LE(valueAt)]!;
    const size = itemType === 'array' || itemType === 'string' ? 1 : NUMBER_SIZES[itemType];
    const index = random.below(Math.floor((end - valueAt - 12) / size));
    if (size === 1) bytes.writeUInt8(random.below(256), valueAt + 12 + index);
    else writeOddNumber(bytes, valueAt + 12 + index * size, itemType as 'i32', random);
    return bytes;
  },
  'change-text': (bytes, { pairs }, random) => {
    const { valueAt, end } = random.pick(pairs.filter(({ type }) => type === 'string'));
    for (let left = 1 + random.below(4); left > 0; left--) {
      bytes.writeUInt8(random.below(256), valueAt + 8 + random.below(end - valueAt - 8));
    }
    return bytes;
  },
  'change-key': (bytes, { pairs }, random) => {
    const { keyAt, typeAt } = random.pick(pairs);
    bytes.writeUInt8(0x61 + random.below(26), keyAt + 8 + random.below(typeAt - keyAt - 8));
    return bytes;
  },
  'drop-pair': (bytes, { pairs, headerEnd }, random) => {
    const { keyAt, end } = random.pick(pairs);
    bytes.writeBigUInt64LE(BigInt(pairs.length - 1), 16);
    return cut(bytes, keyAt, end, headerEnd);
  },
  'change-tensor-name': (bytes, { tensors }, random) => {
    const { nameAt, rankAt } = random.pick(tensors);
    bytes.writeUInt8(0x61 + random.below(26), nameAt + 8 + random.below(rankAt - nameAt - 8));
    return bytes;
  },
  'change-rank': (bytes, { tensors }, random) => {
    bytes.writeUInt32LE(random.pick([0, 1, 2, 3, 4, 5, 0xffff_ffff]), random.pick(tensors).rankAt);
    return bytes;
  },
  'change-dimension': (bytes, { tensors }, random) => {
    const { dimensionsAt, rank } = random.pick(tensors);
    bytes.writeBigUInt64LE(oddLong(random), dimensionsAt + 8 * random.below(rank));
    return bytes;
  },
  'swap-dimensions': (bytes, { tensors }, random) => {
    const { dimensionsAt } = random.pick(tensors.filter(({ rank }) => rank > 1));
    const first = bytes.readBigUInt64LE(dimensionsAt);
    bytes.writeBigUInt64LE(bytes.readBigUInt64LE(dimensionsAt + 8), dimensionsAt);
    bytes.writeBigUInt64LE(first, dimensionsAt + 8);
    return bytes;
  },
  'change-tensor-type': (bytes, { tensors }, random) => {
    bytes.writeUInt32LE(random.below(45), random.pick(tensors).typeAt);
    return bytes;
  },
  'change-last-tensor-type': (bytes, { tensors }, random) => {
    bytes.writeUInt32LE(random.pick([0, 1, 24, 25, 26, 30]), tensors.at(-1)!.typeAt);
    return bytes;
  },
  'change-offset': (bytes, { tensors }, random) => {
    bytes.writeBigUInt64LE(oddLong(random), random.pick(tensors).offsetAt);
    return bytes;
  },
  splice: (bytes, { headerEnd }, random) => {
    const [from, to] = [random.below(headerEnd), random.below(headerEnd)];
    bytes.copyWithin(to, from, Math.min(from + 1 + random.below(64), headerEnd));
    return bytes;
  },
} satisfies Record<string, Mutation>;

export type MutationKind = keyof typeof MUTATIONS;

export const MUTATION_KINDS = Object.keys(MUTATIONS) as MutationKind[];

export interface Mutant {
  readonly bytes: Buffer;
  readonly kind: MutationKind;
}

/** Damages a copy of a well-formed GGUF file in one way; the same seed damages it alike. */
export function mutateGguf(original: Buffer, seed: number, kinds: readonly MutationKind[] = MUTATION_KINDS): Mutant {
  const random = randomSource(seed);
  const kind = random.pick(kinds);
  return { bytes: MUTATIONS[kind](Buffer.from(original), locateGguf(original), random), kind };
}

function flipBits(bytes: Buffer, end: number, random: RandomSource): Buffer {
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(end);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at);
  }
  return bytes;
}

/** Takes the bytes out of the header and pads it anew, so that the data stay where the alignment wants them. */
function cut(bytes: Buffer, from: number, to: number, headerEnd: number): Buffer {
  const head = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to, headerEnd)]);
  return Buffer.concat([head, Buffer.alloc(pad(head.length, 32) - head.length), bytes.subarray(pad(headerEnd, 32))]);
}
