import type { GgufNumberType } from './gguf-value.ts';

/** How many bytes a value of each type takes in the file. */
export const NUMBER_SIZES: Record<GgufNumberType, number> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
  u64: 8,
  i64: 8,
  f64: 8,
};

/** Reads one little-endian value; any byte but 0 is `true`, as ggml reads it. */
export function readNumber(bytes: Buffer, offset: number, type: GgufNumberType): number | bigint | boolean {
  switch (type) {
    case 'u8':
      return bytes.readUInt8(offset);
    case 'i8':
      return bytes.readInt8(offset);
    case 'u16':
      return bytes.readUInt16LE(offset);
    case 'i16':
      return bytes.readInt16LE(offset);
    case 'u32':
      return bytes.readUInt32LE(offset);
    case 'i32':
      return bytes.readInt32LE(offset);
    case 'f32':
      return bytes.readFloatLE(offset);
    case 'bool':
      return bytes.readUInt8(offset) !== 0;
    case 'u64':
      return bytes.readBigUInt64LE(offset);
    case 'i64':
      return bytes.readBigInt64LE(offset);
    case 'f64':
      return bytes.readDoubleLE(offset);
  }
}
