import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { splitRecords } from './split-records.ts';

/** A value of a file, and where it begins there. */
export interface FileRecord<T> {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly value: T;
}

/**
 * The records of a file of JSON lines, or of one JSON array; packed by gzip or not, with a byte order mark, line ends of Windows and
 * blank lines or without.
 *
 * @throws ConfigError that names the file, and the line where a record is broken
 */
export async function readRecords<T>(path: string, schema: z.ZodType<T>): Promise<FileRecord<T>[]> {
  const records = splitRecords(decode(unpack(await readBytes(path), path), path));
  if (records.length === 0)
    throw new ConfigError('no-lines', `${path} is empty: name a file with a line for each answer.`);
  return records.map(({ line, text }) => ({ line, value: parseRecord(text, schema, path, line) }));
}

/** @throws ConfigError */
export function brokenLine(path: string, line: number, reason: string): ConfigError {
  return new ConfigError('broken-line', `${path}, line ${line}: ${reason}: mend this line or take it out.`);
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' };
    const reason = reasons[code ?? ''] ?? code ?? 'unknown reason';
    throw new ConfigError('unreadable-file', `${path} can't be read (${reason}): name another file.`, { cause });
  }
}

function unpack(bytes: Buffer, path: string): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new ConfigError('broken-file', `${path} is not a whole gzip file: get it again.`, { cause });
  }
}

/** Where the text is not UTF-8, the line is found that is not. */
function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const good = Buffer.from(bytes.toString('utf8'));
    const place = bytes.findIndex((byte, index) => byte !== good[index]);
    const line = bytes.subarray(0, place).toString('latin1').split('\n').length;
    throw brokenLine(path, line, 'it is not valid UTF-8');
  }
}

function parseRecord<T>(text: string, schema: z.ZodType<T>, path: string, line: number): T {
  if (text === '') throw brokenLine(path, line, 'a value is missing here, or the file is cut off');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw brokenLine(path, line, 'this is not JSON');
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw brokenLine(path, line, faultOf(parsed.error.issues[0]!));
}

function faultOf({ path: field, message, input }: z.core.$ZodIssue): string {
  const where = field.length === 0 ? '' : `"${field.join('.')}"`;
  if (where && input === undefined) return `${where} is missing`;
  return `${where && `${where}: `}${message.replace(/^Invalid (input|option): /, '')}`;
}
