import { type DataRecord, type Fields, UnusableRecord } from './data-record.ts';
import { repeatsKey } from './repeats-key.ts';

/** A longer record is left out; the longest context that models have today takes about a tenth of this. */
export const MOST_RECORD_BYTES = 16 * 1024 * 1024;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @param bytes of its JSON; undefined where there are more than `MOST_RECORD_BYTES` */
export function parseRecord(number: number, bytes: Uint8Array | undefined): DataRecord {
  try {
    return { number, content: fieldsOf(bytes) };
  } catch (error) {
    if (!(error instanceof UnusableRecord)) throw error;
    return { number, content: error };
  }
}

function fieldsOf(bytes: Uint8Array | undefined): Fields {
  if (!bytes) throw new UnusableRecord('it is longer than 16 MB');
  const text = decode(bytes);
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnusableRecord('it is no JSON object');
  if (repeatsKey(text, Object.keys(value))) throw new UnusableRecord('a field is given twice');
  return value as Fields;
}

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new UnusableRecord('it is not valid UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnusableRecord('it is not JSON');
  }
}
