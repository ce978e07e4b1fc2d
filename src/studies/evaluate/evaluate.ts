import { join } from 'node:path';
import { assertInput } from '../../batch/batch-places.ts';
import { scanInput } from '../../batch/scan-input.ts';
import { withUnchangedInput } from '../../batch/unchanged-input.ts';
import { settingName } from '../../core/setting-name.ts';
import { lockRecording } from '../../recording/lock-recording.ts';
import { writeJsonFile } from '../../storage/write-json-file.ts';
import { answerAndJudge } from './answer-and-judge.ts';
import type { EvaluationReport } from './evaluation-report.ts';
import { evaluationFolder, REPORT } from './evaluation-places.ts';
import { type EvaluateOptions, openEvaluation, WORDS } from './open-evaluation.ts';
import { reportEvaluation } from './report-evaluation.ts';

/**
 * Answers every line of a file by each strategy, has all responses judged where a reward model is named, and sums up. What
 * an earlier call did is not done again. The report is also written to `report.json` in the folder.
 *
 * @throws ConfigError for places and settings that can't be; see `loadModels`, `answerBatch` and `judgeAnswers`
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const { input, output, signal, announce, notice } = options;
  await assertInput(input);
  await using folder = await evaluationFolder(output);
  const reportPath = join(folder.path, REPORT);
  const unlock = await lockRecording(reportPath, { ...WORDS, notice, signal });
  try {
    return await withUnchangedInput(input, output, async () => {
      const scan = await scanInput(input, { indexed: true, ...(signal && { signal }), announce });
      await using evaluation = await openEvaluation(options, scan, folder.path);
      await answerAndJudge(evaluation);
      const report = await reportEvaluation(evaluation);
      await writeJsonFile(reportPath, report, settingName('output'));
      return report;
    });
  } finally {
    await unlock();
  }
}
