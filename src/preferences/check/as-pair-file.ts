import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ImportSettings } from '../../settings/data.ts';
import { formOf } from '../forms/forms.ts';
import type { DropCount } from '../import/drop-count.ts';
import { importPairs } from '../import/import-pairs.ts';
import { PairFile } from '../pair-file.ts';
import { UnusableRecord } from '../records/data-record.ts';
import { beginningOf } from '../records/file-bytes.ts';
import { readRecords } from '../records/read-records.ts';

/**
 * Works on a file in the schema's lines. One of another form is imported before, into the folder of temporary files.
 *
 * @param drops counts the records that are no pair
 * @throws as `importPairs` does
 */
export async function asPairFile<T>(
  path: string,
  settings: ImportSettings & { readonly signal?: AbortSignal | undefined },
  drops: DropCount,
  work: (file: PairFile, onFault: (number: number, fault: UnusableRecord) => void) => Promise<T>,
): Promise<T> {
  const onFault = (number: number, { reason }: UnusableRecord) => drops.add(reason, `${basename(path)}:${number}`);
  if (await isPairFile(path)) {
    await using file = await PairFile.open(path);
    return await work(file, onFault);
  }
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-data-'));
  try {
    const output = join(folder, 'pairs.jsonl');
    const { reasons } = await importPairs({ ...settings, inputs: [path], output });
    for (const reason of reasons) drops.addAll(reason);
    await using file = await PairFile.open(output);
    return await work(file, onFault);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** JSON lines that are not packed, of which the first that can be read has the schema. */
async function isPairFile(path: string): Promise<boolean> {
  if (!/^(\xef\xbb\xbf)?\s*\{/.test((await beginningOf(path)).toString('latin1'))) return false;
  for await (const { content } of readRecords(path)) {
    if (!(content instanceof UnusableRecord)) return formOf(content) === 'pairs';
  }
  return false;
}
