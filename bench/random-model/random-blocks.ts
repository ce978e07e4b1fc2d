import { type Cipheriv, createCipheriv } from 'node:crypto';

const BLOCK = 32;
/** Bytes of a block, and the variance of its whole numbers before they are scaled. */
const QUANTISED = {
  Q4_0: { type: 2, blockBytes: 18, variance: 21.25 },
  Q8_0: { type: 8, blockBytes: 34, variance: 5461.25 },
} as const;

export type QuantisedType = keyof typeof QUANTISED;

export function ggmlType(type: QuantisedType): number {
  return QUANTISED[type].type;
}

/** Bytes of `count` weights, a multiple of 32. */
export function quantisedBytes(type: QuantisedType, count: number): number {
  if (count % BLOCK !== 0) throw new RangeError(`${count} weights are no whole number of blocks of ${BLOCK}`);
  return (count / BLOCK) * QUANTISED[type].blockBytes;
}

/** Pseudo-random quantised rows, the same for the same seed: as fast as the disk. */
export class RandomBlocks {
  readonly #bytes: Cipheriv;
  readonly #type: QuantisedType;

  constructor(type: QuantisedType, seed: number) {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(seed);
    this.#bytes = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
    this.#type = type;
  }

  /** Rows of `width` weights with the variance 1/`width`, so that a product with them keeps its size. */
  rows(count: number, width: number): Buffer {
    const { blockBytes, variance } = QUANTISED[this.#type];
    const bytes = this.#bytes.update(Buffer.alloc(quantisedBytes(this.#type, count * width)));
    const scale = half(1 / Math.sqrt(variance * width));
    for (let block = 0; block < bytes.length; block += blockBytes) bytes.writeUInt16LE(scale, block);
    return bytes;
  }
}

/** The bits of a number as a 16-bit float. */
function half(value: number): number {
  const view = new DataView(new ArrayBuffer(2));
  view.setFloat16(0, value);
  return view.getUint16(0);
}
