import { join } from 'node:path';
import { modelsNeeded, strategyText, textsAtOnce } from '../../assembly/create-strategy.ts';
import { loadModels, type Models } from '../../assembly/load-pair.ts';
import { serverNames } from '../../assembly/server-names.ts';
import { type Answering, assertCapable, type BatchWatch, isComplete, openAnswering } from '../../batch/open-batch.ts';
import type { TextLine } from '../../recording/text-line.ts';
import { watched } from '../../recording/watched.ts';
import { gradeTask, needsGrades } from './grades/grade-task.ts';
import { judgeTasks } from './grades/judged-grades.ts';
import { type Evaluation, type StrategyJob, type TaskJobs } from './open-evaluation.ts';

/** Lines that a strategy answers before the next one has its turn, in times of those that it answers at once. */
const TURN = 4;

/**
 * Answers what no earlier run did, and has it graded. The strategies take turns, a few lines each, so that a busy minute
 * of the machine falls on all of them; grading comes after the last response to a task, so that it takes no time from
 * them. Only models that are still needed are loaded, each once.
 *
 * @throws ConfigError for responses that other models made; see `answerBatch` and `rewardAnswers`
 */
export async function answerTasks(evaluation: Evaluation): Promise<void> {
  const { tasks, options } = evaluation;
  const models = await loadNeeded(evaluation);
  try {
    for (const [index, task] of tasks.entries()) {
      options.watch?.task?.(task.task.name, { number: index + 1, of: tasks.length });
      if (!options.gradeOnly) await answerTask(task, models, evaluation);
      await gradeTask(task, models, evaluation);
    }
  } finally {
    await models.close();
  }
  await judgeTasks(evaluation);
}

async function loadNeeded(evaluation: Evaluation): Promise<Models> {
  const { options, reward } = evaluation;
  const open = openJobs(evaluation);
  const settings = {
    ...options.models,
    judge: options.models.judge ?? options.models.reward,
    parallel: options.concurrency,
  };
  const needed = new Set(open.flatMap(({ strategy }) => modelsNeeded(strategy, settings)));
  const grades = await needsGrades(evaluation);
  if (reward !== undefined && (open.length > 0 || grades.rewards)) needed.add('judge');
  if (grades.choices) needed.add('base');
  const atOnce = Math.max(1, ...open.map(({ strategy }) => textsAtOnce(strategy)));
  const models = await loadModels(settings, [...needed], { textsAtOnce: atOnce, reproducible: 'where-possible' });
  try {
    for (const { batch, strategy } of open) {
      const used = modelsNeeded(strategy, settings);
      const names = Object.entries(serverNames(settings, models)).filter(([role]) => used.some((one) => one === role));
      batch.output.dependsOn(Object.fromEntries(names));
    }
    for (const task of evaluation.tasks) markUnusable(task, models, evaluation);
    return models;
  } catch (error) {
    await models.close();
    throw error;
  }
}

function openJobs({ tasks, options }: Evaluation): StrategyJob[] {
  return options.gradeOnly ? [] : tasks.flatMap(({ jobs }) => jobs.filter(({ batch }) => !isComplete(batch)));
}

/**
 * A strategy that can't answer a benchmark is left out, and the others go on.
 *
 * @throws CapabilityError where a strategy can answer nothing
 */
function markUnusable({ task, jobs }: TaskJobs, models: Models, { options }: Evaluation): void {
  if (options.gradeOnly) return;
  for (const job of jobs) {
    if (isComplete(job.batch)) continue;
    assertCapable(models, job.batch.job.decoding);
    const { draft } = models;
    const begins = task.benchmark?.items.some(({ messages }) => messages.at(-1)?.role === 'assistant') ?? false;
    if (!begins || draft?.continuesAnswers || !modelsNeeded(job.strategy).includes('draft')) continue;
    job.unusable = `${strategyText(job.strategy)} can't answer ${task.name}: ${draft?.id ?? 'the draft'} does not go on from the beginning of an answer.`;
    options.notice?.(job.unusable);
  }
}

async function answerTask(task: TaskJobs, models: Models, evaluation: Evaluation): Promise<void> {
  const usable = task.jobs.filter(({ unusable }) => unusable === undefined);
  const watch = evaluation.options.watch?.answers?.(join(evaluation.options.output, task.task.place));
  const selections = usable.map(({ batch }) => batch.selection);
  watch?.begin?.({
    total: selections.reduce((sum, { total }) => sum + total, 0),
    done: selections.reduce((sum, { done }) => sum + done, 0),
    failed: usable.reduce((sum, { batch }) => sum + batch.output.failed, 0),
  });
  await watched(watch, () => takeTurns(usable, models, watch, TURN * evaluation.options.concurrency));
}

/** What is left of a strategy's lines. */
interface Turns {
  readonly answer: Answering;
  left: number;
}

async function takeTurns(
  jobs: readonly StrategyJob[],
  models: Models,
  watch: BatchWatch | undefined,
  linesOfTurn: number,
): Promise<void> {
  const open = new Map<StrategyJob, Turns>();
  for (const job of jobs) {
    const { total, done } = job.batch.selection;
    if (done < total) open.set(job, { answer: await openAnswering(job.batch, models), left: total - done });
  }
  try {
    while (open.size > 0) {
      for (const [job, turns] of open) {
        await turns.answer(someOf(job.batch.selection.lines, linesOfTurn), (result) => watch?.result?.(result));
        turns.left -= linesOfTurn;
        if (turns.left <= 0) open.delete(job);
      }
    }
  } finally {
    for (const { batch } of jobs) await batch.selection.lines.return();
  }
}

/** The next lines; the others stay for later. */
async function* someOf(
  lines: AsyncGenerator<TextLine, void, void>,
  count: number,
): AsyncGenerator<TextLine, void, void> {
  for (let taken = 0; taken < count; taken++) {
    const next = await lines.next();
    if (next.done) return;
    yield next.value;
  }
}
