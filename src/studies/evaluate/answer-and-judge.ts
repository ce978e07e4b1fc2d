import { join } from 'node:path';
import { modelsNeeded, strategyText, textsAtOnce } from '../../assembly/create-strategy.ts';
import { loadModels, type Models } from '../../assembly/load-pair.ts';
import { serverNames } from '../../assembly/server-names.ts';
import { answerBatch, assertCapable, isComplete } from '../../batch/open-batch.ts';
import { countUnjudged, judgeStrategy } from './judge-strategy.ts';
import type { Evaluation } from './open-evaluation.ts';

/**
 * Answers what no earlier run did, one strategy after the other, and has it judged: after a strategy's last response, so
 * that the judge takes no time from them. Only models that are still needed are loaded, each once.
 *
 * @throws ConfigError for responses that other models made; see `answerBatch` and `judgeAnswers`
 */
export async function answerAndJudge(evaluation: Evaluation): Promise<void> {
  const { jobs, options } = evaluation;
  const { watch, output } = options;
  const models = await loadNeeded(evaluation);
  try {
    for (const [index, job] of jobs.entries()) {
      watch?.strategy?.(strategyText(job.strategy), { number: index + 1, of: jobs.length });
      await answerBatch(job.batch, models, watch?.answers?.(join(output, job.files.answers)));
      if (models.judge) await judgeStrategy(models.judge, job, evaluation);
    }
  } finally {
    await models.close();
  }
}

async function loadNeeded(evaluation: Evaluation): Promise<Models> {
  const { jobs, judge, options } = evaluation;
  const open = jobs.filter(({ batch }) => !isComplete(batch));
  const settings = {
    ...options.models,
    judge: options.models.judge ?? options.models.reward,
    parallel: options.concurrency,
  };
  const needed = new Set(open.flatMap(({ strategy }) => modelsNeeded(strategy, settings)));
  if (judge !== undefined && (open.length > 0 || (await hasUnjudged(evaluation)))) needed.add('judge');
  const atOnce = Math.max(1, ...open.map(({ strategy }) => textsAtOnce(strategy)));
  const models = await loadModels(settings, [...needed], { textsAtOnce: atOnce, reproducible: 'where-possible' });
  try {
    for (const { batch, strategy } of open) {
      const used = modelsNeeded(strategy, settings);
      const names = Object.entries(serverNames(settings, models)).filter(([role]) => used.some((one) => one === role));
      batch.output.dependsOn(Object.fromEntries(names));
      assertCapable(models, batch.job.decoding);
    }
    return models;
  } catch (error) {
    await models.close();
    throw error;
  }
}

async function hasUnjudged(evaluation: Evaluation): Promise<boolean> {
  for (const job of evaluation.jobs) if ((await countUnjudged(job, evaluation)) > 0) return true;
  return false;
}
