import type { EvaluationWatch } from '../../../studies/evaluate/open-evaluation.ts';
import { BatchReport } from '../batch-report.ts';
import { GradeReport } from '../grade-report.ts';
import type { Terminal } from '../terminal.ts';

/** How answers and grades go, in the terminal. */
export function evaluationWatch(terminal: Terminal): EvaluationWatch {
  return {
    task(name, { number, of }) {
      if (of > 1) terminal.notice(terminal.noticeColours.bold(`── ${name} (${number} of ${of}) ──`));
    },
    answers: (folder) => new BatchReport(terminal, folder),
    grades: (asked, total) => new GradeReport(terminal, asked, total),
  };
}
