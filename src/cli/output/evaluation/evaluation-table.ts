import type { EvaluationReport } from '../../../studies/evaluate/evaluation-report.ts';
import { alignColumns } from '../align-columns.ts';
import type { ReportTable } from './report-table.ts';
import { taskTables } from './task-tables.ts';

/** All tables as text for a terminal, with what their figures mean. */
export function evaluationTable(report: EvaluationReport): string {
  const { tasks } = report;
  return tasks
    .map((task) => (tasks.length === 1 ? '' : `── ${task.name} ──\n\n`) + asText(taskTables(task, report)))
    .join('\n\n');
}

/** Tables with the same notes stand together. */
function asText(tables: readonly ReportTable[]): string {
  return tables
    .map(
      ({ head, rows, notes }) => [alignColumns([head, ...rows]), ...notes].join('\n') + (notes.length > 0 ? '\n' : ''),
    )
    .join('\n')
    .trimEnd();
}
