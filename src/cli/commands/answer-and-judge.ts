import { resolveCriterion } from '../../assembly/notation/criteria/resolve-criterion.ts';
import { createStrategy, modelsNeeded, strategyText, textsAtOnce } from '../../assembly/create-strategy.ts';
import { loadModels, type Models } from '../../assembly/load-pair.ts';
import { answerPlan, type BatchPlan, isComplete, planBatch, tellComplete } from './batch-job.ts';
import { modelSettings } from './command-values.ts';
import type { Evaluation, StrategyJob } from './evaluation.ts';
import { countUnjudged, judgeStrategy, readRewards } from './judge-strategy.ts';

interface Step {
  readonly job: StrategyJob;
  readonly plan: BatchPlan;
}

/**
 * Answers what no earlier run did, one strategy after the other, and has it judged: after a strategy's last response, so
 * that the judge takes no time from them. Only models that are still needed are loaded, each once.
 *
 * @throws ConfigError for responses that were made with other settings; as `answerPlan` and `judgeAnswers`
 */
export async function answerAndJudge(evaluation: Evaluation): Promise<void> {
  const steps: Step[] = [];
  for (const job of evaluation.jobs) steps.push({ job, plan: await planBatch(job) });
  // A file with other content is told before hours of answering, not after them.
  if (evaluation.judge) for (const job of evaluation.jobs) await readRewards(job, evaluation);
  const models = await loadNeeded(steps, evaluation);
  try {
    for (const [index, { job, plan }] of steps.entries()) {
      const { terminal } = evaluation;
      terminal.notice(
        terminal.noticeColours.bold(`── ${strategyText(job.strategy)} (${index + 1} of ${steps.length}) ──`),
      );
      if (isComplete(plan)) tellComplete(plan, job);
      else await answerPlan(plan, models, job);
      if (models.judge) await judgeStrategy(models.judge, job, evaluation);
    }
  } finally {
    await models.close();
  }
}

async function loadNeeded(steps: readonly Step[], evaluation: Evaluation): Promise<Models> {
  const { values, judge, terminal, signal } = evaluation;
  const open = steps.filter(({ plan }) => !isComplete(plan)).map(({ job }) => job);
  const settings = {
    ...(await modelSettings(values, terminal, signal)),
    judge: values.judge ?? values.reward,
    parallel: values.concurrency,
  };
  const needed = new Set(open.flatMap(({ strategy }) => modelsNeeded(strategy, settings)));
  if (judge && (open.length > 0 || (await hasUnjudged(evaluation)))) needed.add('judge');
  const atOnce = Math.max(1, ...open.map(({ strategy }) => textsAtOnce(strategy)));
  const models = await loadModels(settings, [...needed], { textsAtOnce: atOnce });
  try {
    for (const job of open) assertCapable(models, job);
    return models;
  } catch (error) {
    await models.close();
    throw error;
  }
}

/** @throws CapabilityError before the first line is answered, not in the middle of the night */
function assertCapable(models: Models, { strategy, decoding }: StrategyJob): void {
  const { urialExamples } = decoding;
  createStrategy(strategy, models, {
    criterion: resolveCriterion(decoding),
    ...(urialExamples !== undefined && { urialExamples }),
  });
}

async function hasUnjudged(evaluation: Evaluation): Promise<boolean> {
  for (const job of evaluation.jobs) if ((await countUnjudged(job, evaluation)) > 0) return true;
  return false;
}
