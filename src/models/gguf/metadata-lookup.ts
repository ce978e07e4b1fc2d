import { GgufFault } from './gguf-fault.ts';
import type { GgufArray, GgufValue } from './gguf-value.ts';

type Metadata = ReadonlyMap<string, GgufValue>;

/** `undefined` when the key is absent. @throws GgufFault when it holds something else. */
export function findString(metadata: Metadata, key: string): string | undefined {
  const found = metadata.get(key);
  if (found === undefined) return undefined;
  if (found.type === 'string' && typeof found.value === 'string') return found.value;
  throw wrongType(key, 'a string');
}

export function findBoolean(metadata: Metadata, key: string): boolean | undefined {
  const found = metadata.get(key);
  if (found === undefined) return undefined;
  if (found.type === 'bool' && typeof found.value === 'boolean') return found.value;
  throw wrongType(key, 'true or false');
}

export function findU32(metadata: Metadata, key: string): number | undefined {
  const found = metadata.get(key);
  if (found === undefined) return undefined;
  if (found.type === 'u32' && typeof found.value === 'number') return found.value;
  throw wrongType(key, 'a 32-bit unsigned number');
}

export function findArray(metadata: Metadata, key: string): GgufArray | undefined {
  const found = metadata.get(key);
  if (found === undefined || found.type === 'array') return found;
  throw wrongType(key, 'an array');
}

function wrongType(key: string, wanted: string): GgufFault {
  return new GgufFault('damaged-gguf', `the metadata value ${key} is not ${wanted}`);
}
