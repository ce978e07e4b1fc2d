import type { FileMetaData } from 'hyparquet';
import { ConfigError } from '../../core/errors.ts';
import type { DataRecord, Fields } from './data-record.ts';

/** Row groups are as large as whoever wrote the file liked them; of a large one a part is decoded at a time. */
const PART_BYTES = 32 * 1024 * 1024;

/**
 * The rows of a Parquet file, a part of a row group at a time.
 *
 * @throws ConfigError for a file that is cut off, damaged or packed in a way that is not known
 */
export async function* readParquet(path: string): AsyncGenerator<DataRecord, void, void> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const file = await asyncBufferFromFile(path);
  const metadata = await orRefuse(path, 'its end', () => parquetMetadataAsync(file));
  for (const [rowStart, rowEnd] of partsOf(metadata)) {
    const rows = await orRefuse(path, `rows ${rowStart + 1} to ${rowEnd}`, () =>
      parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, useOffsetIndex: true }),
    );
    for (const [index, row] of rows.entries()) yield { number: rowStart + index + 1, content: plain(row) as Fields };
  }
}

function* partsOf({ row_groups: groups }: FileMetaData): Generator<[rowStart: number, rowEnd: number], void, void> {
  let start = 0;
  for (const { num_rows: rows, total_byte_size: bytes } of groups) {
    const end = start + Number(rows);
    const partRows = Math.max(1, Math.floor((Number(rows) * PART_BYTES) / Math.max(1, Number(bytes))));
    for (; start < end; start = Math.min(end, start + partRows)) yield [start, Math.min(end, start + partRows)];
  }
}

/** 64-bit numbers as JSON has them. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

async function orRefuse<T>(path: string, what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new ConfigError(
      'unreadable-data',
      `${path} is no whole Parquet file (${what} can't be read: ${(cause as Error).message}): get it again.`,
      { cause },
    );
  }
}
