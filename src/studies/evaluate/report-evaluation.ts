import { hasSwitch, modelsNeeded, type StrategyChoice, strategyText } from '../../assembly/create-strategy.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { packageVersion } from '../../assembly/package-version.ts';
import type { ChoiceGrade } from '../../benchmarks/graders/choice-likelihoods.ts';
import { readColumns } from './answer-columns.ts';
import type { EvaluationReport, MeasureReport, StrategyReport, TaskReport } from './evaluation-report.ts';
import { itemsAsked } from './grades/choice-grades.ts';
import { measureAnswers, type MeasuredAnswers } from './measures/measured-answers.ts';
import { compareMeasure, summariseMeasure } from './measures/summarise-measure.ts';
import type { Evaluation, StrategyJob, TaskJobs } from './open-evaluation.ts';
import { reportSettings } from './strategy-fingerprint.ts';
import { type Reference, summariseAnswers } from './summarise-answers.ts';

/** Sums up what is in the folder. Of the strategies before, only what the others are compared with is kept. */
export async function reportEvaluation(evaluation: Evaluation): Promise<EvaluationReport> {
  const { tasks, reward, settings, options } = evaluation;
  const reports: TaskReport[] = [];
  for (const task of tasks) reports.push(await reportTask(task, evaluation));
  return {
    version: packageVersion(),
    comparedWith: strategyText(options.strategies[0]!),
    reward: reward ?? null,
    concurrency: options.concurrency,
    settings: await reportSettings(settings),
    tasks: reports,
  };
}

async function reportTask(task: TaskJobs, evaluation: Evaluation): Promise<TaskReport> {
  const { name, place, input, scan, benchmark } = task.task;
  return {
    ...{ name, folder: place },
    input: { file: input, sha256: scan.sha256, lines: task.asked.size },
    benchmark: benchmark
      ? {
          ...{ name: benchmark.value.name, version: benchmark.value.version, samples: benchmark.samples },
          form: `${benchmark.value.form.name} ${benchmark.value.form.version}`,
          items: Math.ceil(task.asked.size / benchmark.samples),
        }
      : null,
    choices: choicesOf(task),
    strategies: await reportStrategies(task, evaluation),
  };
}

/** What the others are compared with. */
interface First {
  readonly columns: Reference;
  readonly measured: MeasuredAnswers | undefined;
}

async function reportStrategies(task: TaskJobs, { reward, options }: Evaluation): Promise<StrategyReport[]> {
  const reports: StrategyReport[] = [];
  let first: First | undefined;
  for (const job of task.jobs) {
    const { strategy, files, batch, rewards, unusable } = job;
    const read = await readColumns({ path: batch.job.path, lines: task.task.scan.lines, asked: task.asked, rewards });
    const measured = task.task.benchmark && (await measureAnswers(job, task));
    reports.push({
      strategy: strategyText(strategy),
      answers: files.answers,
      ...(reward !== undefined && { rewards: files.rewards }),
      ...(hasGrades(job, measured) && { grades: files.grades }),
      ...(unusable !== undefined && { unusable }),
      choseByReward: choseByReward(strategy, options.models),
      measures: measured ? measuresOf(measured, first?.measured) : [],
      diversity: measured ? diversityOf(measured) : null,
      judging: measured?.judging ?? null,
      ...summariseAnswers(read, { hasSwitch: hasSwitch(strategy), reference: first?.columns }),
    });
    const { msPerToken, reward: rewardColumn } = read.columns;
    first ??= { columns: { msPerToken, reward: rewardColumn }, measured };
  }
  return reports;
}

function hasGrades({ grades }: StrategyJob, measured: MeasuredAnswers | undefined): boolean {
  return grades !== undefined && (measured?.measures.some(({ by }) => by !== 'rules') ?? false);
}

function measuresOf({ measures }: MeasuredAnswers, first: MeasuredAnswers | undefined): MeasureReport[] {
  return measures.map(({ measure, by, items, pooled }) => {
    const said = { name: measure.name, kind: measure.kind, by, ...summariseMeasure(measure, items) };
    // Items have no part of such a number that could be compared.
    if (pooled) return { ...said, ...pooled, errorsAsWorst: null, versusFirst: null };
    const ofFirst = first?.measures.find((other) => other.measure.name === measure.name && other.by === by);
    return { ...said, versusFirst: ofFirst ? compareMeasure(measure, ofFirst.items, items) : null };
  });
}

function diversityOf({ diversity }: MeasuredAnswers): StrategyReport['diversity'] {
  const { distinct1 = null, distinct2 = null, sameResponse = null } = diversity;
  return { distinct1, distinct2, sameResponse };
}

function choicesOf(task: TaskJobs): TaskReport['choices'] {
  const { choices } = task;
  if (!choices || choices.known.size === 0) return null;
  const gradesOf = (name: keyof ChoiceGrade) => itemsAsked(task).map(({ id }) => [choices.known.get(id)?.[name]]);
  return {
    by: choices.by,
    mc1: summariseMeasure({ name: 'mc1', kind: 'share' }, gradesOf('mc1')),
    mc2: summariseMeasure({ name: 'mc2', kind: 'mean', worst: 0 }, gradesOf('mc2')),
  };
}

function choseByReward(strategy: StrategyChoice, { reward, judge = reward }: ModelSettings): boolean {
  return reward !== undefined && judge === reward && modelsNeeded(strategy, { reward }).includes('reward');
}
