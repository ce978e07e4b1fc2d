import { type GgufHeader, findPerLayer, findString, findU32 } from '../../src/models/index.ts';

/** Bytes of a cached number. `q8_0` has a 16-bit scale for each 32. */
export const KEY_VALUE_TYPES = {
  f16: { ggmlType: 1, bytes: 2 },
  q8_0: { ggmlType: 8, bytes: 34 / 32 },
} as const;

export type KeyValueType = keyof typeof KEY_VALUE_TYPES;

/** What of a model its KV cache depends on. */
export interface KeyValueShape {
  readonly layers: number;
  /** Key-value heads of all layers together: `layers` times those of one, where all have as many. */
  readonly headsOfAllLayers: number;
  readonly keyLength: number;
  readonly valueLength: number;
}

/** @throws GgufFault for a header that lacks what every attention model has */
export function keyValueShape({ metadata }: GgufHeader): KeyValueShape {
  const architecture = findString(metadata, 'general.architecture')!;
  const layers = findU32(metadata, `${architecture}.block_count`)!;
  const heads = findPerLayer(metadata, `${architecture}.attention.head_count`, layers)!;
  const sharedHeads = findPerLayer(metadata, `${architecture}.attention.head_count_kv`, layers) ?? heads;
  const headSize = findU32(metadata, `${architecture}.embedding_length`)! / heads[0]!;
  return {
    layers,
    headsOfAllLayers: sharedHeads.reduce((sum, each) => sum + each, 0),
    keyLength: findU32(metadata, `${architecture}.attention.key_length`) ?? headSize,
    valueLength: findU32(metadata, `${architecture}.attention.value_length`) ?? headSize,
  };
}

/**
 * Bytes that a token of context takes in the KV cache: a key and a value for each key-value head of each layer. With
 * equal layers and lengths it is 2 · layers · key-value heads · head length · bytes. Layers with a sliding window count
 * as any other: they are held in full (`swa_full`), for the cache has to be cut and read again anywhere.
 */
export function keyValueBytesPerToken(shape: KeyValueShape, type: KeyValueType): number {
  return shape.headsOfAllLayers * (shape.keyLength + shape.valueLength) * KEY_VALUE_TYPES[type].bytes;
}
