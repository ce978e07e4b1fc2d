import { readColumns } from '../../studies/evaluate/answer-columns.ts';
import type { EvaluationReport, StrategyReport } from '../../studies/evaluate/evaluation-report.ts';
import { type Reference, summariseAnswers } from '../../studies/evaluate/summarise-answers.ts';
import { hasSwitch, modelsNeeded, type StrategyChoice, strategyText } from '../../assembly/create-strategy.ts';
import { packageVersion } from '../package-version.ts';
import type { Evaluation, EvaluationValues, StrategyJob } from './evaluation.ts';
import { readRewards } from './judge-strategy.ts';

/** Sums up what is in the folder. Of the strategies before, only what the others are compared with is kept. */
export async function reportEvaluation(evaluation: Evaluation): Promise<EvaluationReport> {
  const { input, scan, asked, jobs, judge, values, settings } = evaluation;
  const strategies: StrategyReport[] = [];
  let reference: Reference | undefined;
  for (const job of jobs) {
    const { columns, ...counts } = await columnsOf(job, evaluation);
    const { strategy, files } = job;
    strategies.push({
      strategy: strategyText(strategy),
      answers: files.answers,
      ...(judge && { rewards: files.rewards }),
      choseByJudge: choseByJudge(strategy, values),
      ...summariseAnswers({ columns, ...counts }, { hasSwitch: hasSwitch(strategy), reference }),
    });
    const { msPerToken, reward } = columns;
    reference ??= { msPerToken, reward };
  }
  return {
    version: packageVersion(),
    input: { file: input, sha256: scan.sha256, lines: asked.size },
    comparedWith: strategyText(jobs[0]!.strategy),
    judge: judge?.name ?? null,
    concurrency: values.concurrency,
    settings,
    strategies,
  };
}

function choseByJudge(strategy: StrategyChoice, { reward, judge = reward }: EvaluationValues): boolean {
  return reward !== undefined && judge === reward && modelsNeeded(strategy, { reward }).includes('reward');
}

async function columnsOf(job: StrategyJob, evaluation: Evaluation) {
  const { scan, asked, judge } = evaluation;
  const rewards = judge && (await readRewards(job, evaluation));
  return await readColumns({ path: job.path, lines: scan.lines, asked, rewards });
}
