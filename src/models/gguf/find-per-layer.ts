import { GgufFault } from './gguf-fault.ts';
import type { GgufValue } from './gguf-value.ts';

/**
 * A hyperparameter that is one number for all layers, or an array with a number for each.
 *
 * @returns one number for each layer, or `undefined` when the key is absent.
 */
export function findPerLayer(
  metadata: ReadonlyMap<string, GgufValue>,
  key: string,
  layers: number,
): number[] | undefined {
  const found = metadata.get(key);
  if (found === undefined) return undefined;
  if (found.type !== 'array') return new Array<number>(layers).fill(toCount(found.value, key));
  if (found.length !== layers) {
    throw new GgufFault('damaged-gguf', `${key} has ${found.length} numbers for ${layers} layers`);
  }
  return Array.from({ length: layers }, (_, layer) => toCount(found.at(layer), key));
}

function toCount(value: unknown, key: string): number {
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number;
  throw new GgufFault('damaged-gguf', `${key} holds something that is not a whole number of 0 or more`);
}
