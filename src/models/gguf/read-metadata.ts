import { GgufFault } from './gguf-fault.ts';
import { GGUF_VALUE_TYPES, type GgufItemType, type GgufValue, type GgufValueType } from './gguf-value.ts';
import type { HeaderCursor } from './header-cursor.ts';

const MAX_KEY_BYTES = 65_535;

/** Reads `count` pairs of a key and a typed value. */
export function readMetadata(cursor: HeaderCursor, count: number): Map<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < count; index++) {
    const key = cursor.string('a metadata key', MAX_KEY_BYTES);
    checkKey(key, metadata);
    metadata.set(key, readValue(cursor, `the metadata value ${key}`));
  }
  return metadata;
}

function checkKey(key: string, metadata: ReadonlyMap<string, GgufValue>): void {
  if (key === '') throw new GgufFault('damaged-gguf', 'a metadata key is empty');
  if (/[\0-\x1f\ufffd]/.test(key)) throw new GgufFault('damaged-gguf', `a metadata key is not text: ${show(key)}`);
  if (metadata.has(key)) throw new GgufFault('damaged-gguf', `the metadata key ${key} occurs twice`);
}

function readValue(cursor: HeaderCursor, what: string): GgufValue {
  const type = readType(cursor, what);
  if (type === 'string') return { type, value: cursor.string(what) };
  if (type !== 'array') return { type, value: cursor.number(type, what) };
  return cursor.array(readItemType(cursor, what), what);
}

function readItemType(cursor: HeaderCursor, what: string): GgufItemType {
  const type = readType(cursor, what);
  if (type === 'array') throw new GgufFault('damaged-gguf', `${what} is an array of arrays`);
  return type;
}

function readType(cursor: HeaderCursor, what: string): GgufValueType {
  const number = cursor.u32(`the type of ${what}`);
  const type = GGUF_VALUE_TYPES[number];
  if (type === undefined) throw new GgufFault('damaged-gguf', `${what} has the unknown type ${number}`);
  return type;
}

function show(key: string): string {
  return JSON.stringify(key.slice(0, 40));
}
