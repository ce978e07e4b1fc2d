import { ConfigError } from '../../core/errors.ts';
import { LineSplitter } from '../../recording/line-splitter.ts';
import { isBlank } from '../../recording/text-line.ts';
import { ArraySplitter } from './array-splitter.ts';
import type { DataRecord } from './data-record.ts';
import { beginningOf, fileBytes, type ReadOptions } from './file-bytes.ts';
import { MOST_RECORD_BYTES, parseRecord } from './parse-record.ts';
import { readCsv } from './read-csv.ts';
import { readParquet } from './read-parquet.ts';

/**
 * The records of a file: JSON lines, a JSON array, CSV (by the name), each perhaps packed by gzip, or Parquet. Holds a record
 * at a time, of Parquet some thousand rows.
 *
 * @throws ConfigError for a file that can't be read or is cut off
 */
export async function* readRecords(path: string, options: ReadOptions = {}): AsyncGenerator<DataRecord, void, void> {
  if ((await beginningOf(path)).equals(Buffer.from('PAR1'))) yield* readParquet(path);
  else if (/\.csv(\.gz)?$/i.test(path)) yield* readCsv(path, options);
  else yield* readJson(path, fileBytes(path, options));
}

async function* readJson(
  path: string,
  chunks: AsyncGenerator<Buffer, void, void>,
): AsyncGenerator<DataRecord, void, void> {
  const { value: first } = await chunks.next();
  if (!first) return;
  const isArray = /^(\xef\xbb\xbf)?\s*\[/.test(first.toString('latin1'));
  yield* isArray ? readArray(path, first, chunks) : readLines(first, chunks);
}

async function* readLines(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<DataRecord, void, void> {
  const splitter = new LineSplitter(MOST_RECORD_BYTES);
  for (const line of splitter.push(first)) if (!isBlank(line)) yield parseRecord(line.number, line.bytes);
  for await (const chunk of rest) {
    for (const line of splitter.push(chunk)) if (!isBlank(line)) yield parseRecord(line.number, line.bytes);
  }
  for (const line of splitter.end()) if (!isBlank(line)) yield parseRecord(line.number, line.bytes);
}

async function* readArray(
  path: string,
  first: Buffer,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<DataRecord, void, void> {
  const splitter = new ArraySplitter();
  for (const { line, bytes } of splitter.push(first)) yield parseRecord(line, bytes);
  for await (const chunk of rest) {
    for (const { line, bytes } of splitter.push(chunk)) yield parseRecord(line, bytes);
  }
  if (splitter.isWhole) return;
  throw new ConfigError('unreadable-data', `${path} is cut off before the end of its JSON array: get it again.`);
}
