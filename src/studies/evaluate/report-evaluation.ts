import { hasSwitch, modelsNeeded, type StrategyChoice, strategyText } from '../../assembly/create-strategy.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { packageVersion } from '../../assembly/package-version.ts';
import { readColumns } from './answer-columns.ts';
import type { EvaluationReport, StrategyReport } from './evaluation-report.ts';
import type { Evaluation } from './open-evaluation.ts';
import { reportSettings } from './strategy-fingerprint.ts';
import { type Reference, summariseAnswers } from './summarise-answers.ts';

/** Sums up what is in the folder. Of the strategies before, only what the others are compared with is kept. */
export async function reportEvaluation(evaluation: Evaluation): Promise<EvaluationReport> {
  const { scan, asked, jobs, judge, settings, options } = evaluation;
  const { input, concurrency, models } = options;
  const strategies: StrategyReport[] = [];
  let reference: Reference | undefined;
  for (const { strategy, files, batch, rewards } of jobs) {
    const { columns, ...counts } = await readColumns({ path: batch.job.path, lines: scan.lines, asked, rewards });
    strategies.push({
      strategy: strategyText(strategy),
      answers: files.answers,
      ...(judge !== undefined && { rewards: files.rewards }),
      choseByJudge: choseByJudge(strategy, models),
      ...summariseAnswers({ columns, ...counts }, { hasSwitch: hasSwitch(strategy), reference }),
    });
    const { msPerToken, reward } = columns;
    reference ??= { msPerToken, reward };
  }
  return {
    version: packageVersion(),
    input: { file: input, sha256: scan.sha256, lines: asked.size },
    comparedWith: strategyText(jobs[0]!.strategy),
    judge: judge ?? null,
    concurrency,
    settings: await reportSettings(settings),
    strategies,
  };
}

function choseByJudge(strategy: StrategyChoice, { reward, judge = reward }: ModelSettings): boolean {
  return reward !== undefined && judge === reward && modelsNeeded(strategy, { reward }).includes('reward');
}
