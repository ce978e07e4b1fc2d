/** The value types of GGUF metadata, at the index that is their number in the file. */
export const GGUF_VALUE_TYPES = [
  'u8',
  'i8',
  'u16',
  'i16',
  'u32',
  'i32',
  'f32',
  'bool',
  'string',
  'array',
  'u64',
  'i64',
  'f64',
] as const;

export type GgufValueType = (typeof GGUF_VALUE_TYPES)[number];
export type GgufItemType = Exclude<GgufValueType, 'array'>;
export type GgufNumberType = Exclude<GgufItemType, 'string'>;
/** `u64` and `i64` are `bigint`, every other number is a `number`. */
export type GgufItem = string | number | bigint | boolean;

/** A list whose items are decoded only when they are asked for: a vocabulary can have 262,144 of them. */
export interface GgufArray {
  readonly type: 'array';
  readonly itemType: GgufItemType;
  readonly length: number;
  /** @param index from 0 to `length - 1`; `undefined` outside of it. */
  at(index: number): GgufItem | undefined;
}

export interface GgufScalar {
  readonly type: GgufItemType;
  readonly value: GgufItem;
}

export type GgufValue = GgufScalar | GgufArray;
