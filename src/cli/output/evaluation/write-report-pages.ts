import { join } from 'node:path';
import { writeTextFile } from '../../../storage/write-json-file.ts';
import type { EvaluationReport } from '../../../studies/evaluate/evaluation-report.ts';
import { reportMarkdown } from './report-markdown.ts';
import { reportPage } from './report-page.ts';
import { readSamples, type SampledItem } from './samples.ts';

export const REPORT_PAGE = 'report.html';
const REPORT_MARKDOWN = 'report.md';

/** Writes `report.html` and `report.md` beside `report.json`. @throws WellbegunError where they can't be written */
export async function writeReportPages(folder: string, report: EvaluationReport): Promise<void> {
  const samples: SampledItem[][] = [];
  for (const task of report.tasks) samples.push(await readSamples(folder, task, report));
  await writeTextFile(join(folder, REPORT_MARKDOWN), reportMarkdown(report), '--output');
  await writeTextFile(join(folder, REPORT_PAGE), reportPage(report, samples), '--output');
}
