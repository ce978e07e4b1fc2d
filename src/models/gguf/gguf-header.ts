import type { GgufValue } from './gguf-value.ts';

export interface GgufTensor {
  readonly name: string;
  /** One to four, the fastest-changing first, each at least 1. */
  readonly dimensions: readonly number[];
  /** The number of a ggml type, a key of `TENSOR_TYPES`. */
  readonly type: number;
  /** In bytes, from `dataOffset`. */
  readonly offset: number;
  readonly byteLength: number;
}

/** Everything in a GGUF file but the weights. */
export interface GgufHeader {
  /** 2 or 3. */
  readonly version: number;
  /** In bytes. */
  readonly fileSize: number;
  /** In bytes, a power of two. */
  readonly alignment: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
  /** Where the weights begin, in bytes from the start of the file. */
  readonly dataOffset: number;
}
