import type { GgufNumberType } from '../../src/models/gguf/gguf-value.ts';
import type { RandomSource } from './random-source.ts';

/** Numbers at which code that reads a model goes wrong: ends of ranges, zero, neighbours, non-numbers. */
const ODD_COUNTS = [
  0, 1, 2, 3, 5, 7, 8, 31, 33, 64, 255, 256, 512, 513, 1024, 65_535, 65_536, 0x7fff_ffff, 0xffff_ffff,
];
const ODD_FLOATS = [0, -0, -1, 1e-30, 1e30, NaN, Infinity, -Infinity, 0.5, 2];

/** Overwrites the number at `offset` with an odd one of its type. */
export function writeOddNumber(bytes: Buffer, offset: number, type: GgufNumberType, random: RandomSource): void {
  const count = random.pick(ODD_COUNTS);
  if (type === 'f32') bytes.writeFloatLE(random.pick(ODD_FLOATS), offset);
  else if (type === 'f64') bytes.writeDoubleLE(random.pick(ODD_FLOATS), offset);
  else if (type === 'u64' || type === 'i64') bytes.writeBigUInt64LE(oddLong(random), offset);
  else if (type === 'u32' || type === 'i32') bytes.writeUInt32LE(count, offset);
  else if (type === 'u16' || type === 'i16') bytes.writeUInt16LE(count & 0xffff, offset);
  else bytes.writeUInt8(count & 0xff, offset);
}

export function oddLong(random: RandomSource): bigint {
  const exponent = random.pick([31n, 32n, 53n, 60n, 63n]);
  return random.pick([BigInt(random.pick(ODD_COUNTS)), 2n ** exponent, 2n ** exponent - 1n, 2n ** 64n - 1n]);
}
