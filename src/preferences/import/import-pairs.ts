import { ConfigError } from '../../core/errors.ts';
import { checkSettings } from '../../settings/check-settings.ts';
import { importSettings, type ImportSettings } from '../../settings/data.ts';
import { DataSetCount } from '../data-set-count.ts';
import { type OutputFile, writeLines } from '../output-file.ts';
import { UnusableRecord } from '../records/data-record.ts';
import { DropCount } from './drop-count.ts';
import { findForm } from './file-settings.ts';
import type { ImportedFile, ImportReport } from './import-report.ts';
import { readPairs } from './read-pairs.ts';

export interface ImportOptions extends ImportSettings {
  /** Files of pairs in any known form. */
  readonly inputs: readonly string[];
  /** Where the pairs go, a JSON line each. */
  readonly output: string;
  /** Told now and then how many records were read. */
  readonly onProgress?: ((records: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PROGRESS_RECORDS = 10_000;

/**
 * Reads preference data of any known form, and writes it as lines of the one schema, a record at a time. A record that gives no
 * pair is dropped and counted; the output is there whole or not at all.
 *
 * @throws ConfigError for a file that can't be read or has no known form, for a dimension or licence that is not known, and where
 *   no record gives a pair; WellbegunError where the output can't be written; AbortError
 */
export async function importPairs(options: ImportOptions): Promise<ImportReport> {
  checkSettings(importSettings, options, ['inputs', 'output', 'onProgress', 'signal']);
  if (options.form !== undefined) findForm(options.form);
  const { inputs, output, dropped } = options;
  const write = (list?: OutputFile) =>
    writeLines(output, { setting: 'output', inputs }, (lines) => importInto(lines, options, list));
  const { outcome, file } =
    dropped === undefined
      ? await write()
      : (await writeLines(dropped, { setting: 'dropped', inputs: [...inputs, output] }, write)).outcome;
  return { ...outcome, output: { file: output, ...file } };
}

async function importInto(
  lines: OutputFile,
  { inputs, onProgress, ...options }: ImportOptions,
  dropped?: OutputFile,
): Promise<Omit<ImportReport, 'output'>> {
  const drops = new DropCount();
  const files: ImportedFile[] = [];
  const count = new DataSetCount();
  let records = 0;
  for (const input of inputs) {
    const file = { file: input, form: undefined as ImportedFile['form'], records: 0, pairs: 0, dropped: 0 };
    for await (const { form, origin, found } of readPairs(input, options)) {
      file.form = form;
      file.records++;
      if (++records % PROGRESS_RECORDS === 0) onProgress?.(records);
      for (const pair of found) {
        if (pair instanceof UnusableRecord) {
          file.dropped++;
          drops.add(pair.reason, origin);
          await dropped?.write(`${JSON.stringify({ origin, reason: pair.reason })}\n`);
        } else {
          file.pairs++;
          count.add(pair);
          await lines.write(`${JSON.stringify(pair)}\n`);
        }
      }
    }
    files.push(file);
  }
  const sum = (count: 'pairs' | 'dropped') => files.reduce((total, file) => total + file[count], 0);
  const report = {
    files,
    pairs: sum('pairs'),
    dropped: sum('dropped'),
    reasons: drops.reasons,
    dimensions: count.dimensions,
  };
  if (report.pairs === 0) throw noPairs(inputs, report);
  return report;
}

function noPairs(inputs: readonly string[], { dropped, reasons }: Omit<ImportReport, 'output'>): ConfigError {
  const why = reasons[0] ? `${dropped} dropped, first ${reasons[0].first[0]!}: ${reasons[0].reason}` : 'no records';
  return new ConfigError(
    'no-pairs',
    `There is no pair in ${inputs.join(', ')} (${why}): name other files or another form.`,
  );
}
