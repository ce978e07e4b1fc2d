/** How a float is read from little-endian bytes, by the name of its type in safetensors. */
export const READ_FLOATS = {
  F32: { bytes: 4, read: (data: Buffer, at: number) => data.readFloatLE(at) },
  F16: { bytes: 2, read: (data: Buffer, at: number) => fromHalf(data.readUInt16LE(at)) },
  BF16: { bytes: 2, read: (data: Buffer, at: number) => fromUpperHalf(data.readUInt16LE(at)) },
} as const;

export type FloatType = keyof typeof READ_FLOATS;

/** IEEE 754 binary16: a sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A bfloat16 is the upper half of a 32-bit float. */
function fromUpperHalf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
