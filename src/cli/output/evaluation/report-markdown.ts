import type { EvaluationReport } from '../../../studies/evaluate/evaluation-report.ts';
import { printable } from '../printable.ts';
import type { ReportTable } from './report-table.ts';
import { summaryTables } from './summary-tables.ts';
import { taskTables } from './task-tables.ts';

/** A report as Markdown: the summary, then the tables of each task. */
export function reportMarkdown(report: EvaluationReport): string {
  const parts = [
    '# Evaluation',
    ...asMarkdown(summaryTables(report)),
    ...report.tasks.flatMap((task) => [`## ${escaped(task.name)}`, ...asMarkdown(taskTables(task, report))]),
    '## Settings',
    `wellbegun ${report.version}; \`report.json\` has every figure.`,
    fenced(JSON.stringify(report.settings, null, 2)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function asMarkdown(tables: readonly ReportTable[]): string[] {
  return tables.flatMap(({ head, rows, notes }) => [
    [line(head), line(head.map((_, i) => (i === 0 ? ':--' : '--:'))), ...rows.map(line)].join('\n'),
    ...(notes.length === 0 ? [] : [notes.map(escaped).join('\\\n')]),
  ]);
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => escaped(cell)).join(' | ')} |`;
}

/** Names of models and files may hold anything. */
function escaped(text: string): string {
  return printable(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/[\\`*_[\]<>|]/g, String.raw`\$&`);
}

function fenced(text: string): string {
  return `\`\`\`json\n${printable(text).replaceAll('```', '` ` `')}\n\`\`\``;
}
