import { join } from 'node:path';
import { withUnchangedInputs } from '../../batch/unchanged-input.ts';
import { DataSource } from '../../benchmarks/data/data-source.ts';
import { settingName } from '../../core/setting-name.ts';
import { lockRecording } from '../../recording/lock-recording.ts';
import { writeJsonFile } from '../../storage/write-json-file.ts';
import { answerTasks } from './answer-tasks.ts';
import type { EvaluationReport } from './evaluation-report.ts';
import { evaluationFolder, REPORT } from './evaluation-places.ts';
import { type EvaluateOptions, openEvaluation, WORDS } from './open-evaluation.ts';
import { reportEvaluation } from './report-evaluation.ts';
import { openTasks } from './tasks/open-tasks.ts';

/**
 * Answers every line of files and every item of benchmarks by each strategy, grades the answers, rewards them where a
 * reward model is named, and sums up. What an earlier call did is not done again. The report is also written to
 * `report.json` in the folder.
 *
 * @throws ConfigError for places and settings that can't be; see `openTasks`, `loadModels`, `answerBatch` and `rewardAnswers`
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const { what, output, samples = 1, data = new DataSource(), signal, announce, notice } = options;
  await using folder = await evaluationFolder(output);
  const reportPath = join(folder.path, REPORT);
  const unlock = await lockRecording(reportPath, { ...WORDS, notice, signal });
  try {
    const tasks = await openTasks({ what, folder: folder.path, data, samples, announce, ...(signal && { signal }) });
    const inputs = tasks.map(({ input }) => input);
    return await withUnchangedInputs(inputs, output, async () => {
      await using evaluation = await openEvaluation({ ...options, data }, tasks, folder.path);
      await answerTasks(evaluation);
      const report = await reportEvaluation(evaluation);
      await writeJsonFile(reportPath, report, settingName('output'));
      return report;
    });
  } finally {
    await unlock();
  }
}
