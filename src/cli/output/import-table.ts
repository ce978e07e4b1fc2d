import type { ImportReport } from '../../preferences/import/import-report.ts';
import { alignColumns } from './align-columns.ts';
import { printable } from './printable.ts';

/** What became of the files of an import: a line for each, the reasons for what was dropped, and what was written. */
export function importTable({ files, pairs, reasons, dimensions, output }: ImportReport): string {
  const rows = files.map(({ file, form = '–', ...counts }) => [file, form, ...counted(counts)]);
  const parts = [alignColumns([['file', 'form', 'records', 'pairs', 'dropped'], ...rows])];
  for (const { reason, count, first } of reasons) {
    parts.push(`${count} dropped: ${reason} (${first.join(', ')}${count > first.length ? ', …' : ''})`);
  }
  const each = Object.entries(dimensions).filter(([, count]) => count > 0);
  parts.push(`${pairs} pairs in ${output.file}: ${each.map(([name, count]) => `${count} ${name}`).join(', ')}`);
  return printable(parts.join('\n'));
}

function counted(counts: { readonly records: number; readonly pairs: number; readonly dropped: number }): string[] {
  return [counts.records, counts.pairs, counts.dropped].map(String);
}
