import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { ConfigError } from '../../core/errors.ts';
import { type DataRecord, type Fields, UnusableRecord } from './data-record.ts';
import { fileBytes, type ReadOptions } from './file-bytes.ts';
import { MOST_RECORD_BYTES } from './parse-record.ts';

/** What a byte that is no UTF-8 was read as. */
const REPLACEMENT = '\uFFFD';

interface Row {
  readonly info: { readonly lines: number };
  readonly record: Fields;
}

/** The rows of a CSV file, by the names in its first line. @throws ConfigError for one whose quotes or columns are broken */
export async function* readCsv(path: string, options: ReadOptions): AsyncGenerator<DataRecord, void, void> {
  const parser = parse({
    ...{ columns: true, bom: true, info: true, skip_empty_lines: true, relax_quotes: true },
    max_record_size: MOST_RECORD_BYTES,
  });
  try {
    const rows = pipeline(Readable.from(fileBytes(path, options)), parser, () => undefined) as AsyncIterable<Row>;
    for await (const { info, record } of rows) yield { number: info.lines, content: assertDecoded(record) };
  } catch (cause) {
    if (!(cause as Error & { code?: string }).code?.startsWith('CSV_')) throw cause;
    throw new ConfigError('unreadable-data', `${path} is no whole CSV file (${(cause as Error).message}): mend it.`, {
      cause,
    });
  }
}

function assertDecoded(record: Fields): Fields | UnusableRecord {
  const isBroken = Object.values(record).some((value) => String(value).includes(REPLACEMENT));
  return isBroken ? new UnusableRecord('it is not valid UTF-8') : record;
}
