import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StrategyChoice } from '../../assembly/create-strategy.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { outputPath } from '../../batch/batch-places.ts';
import { LineSet } from '../../batch/line-set.ts';
import { type Batch, type BatchWatch, openBatch } from '../../batch/open-batch.ts';
import { chosen, type SelectOptions } from '../../batch/select-lines.ts';
import type { Benchmark } from '../../benchmarks/benchmark.ts';
import type { DataSource } from '../../benchmarks/data/data-source.ts';
import { settingName } from '../../core/setting-name.ts';
import type { Failure, Spelling } from '../../recording/failure.ts';
import { evaluationFiles, type StrategyFiles } from './evaluation-places.ts';
import { type ChoiceRecording, openChoices } from './grades/choice-recording.ts';
import { type GradeRecording, openGrades } from './grades/grade-recording.ts';
import { type ChatJudge, type JudgedBy, judgedBy } from './grades/judged-by.ts';
import { rewardSource } from './grades/reward-source.ts';
import { openRewards, type RewardSource, type Rewards } from './grades/rewards.ts';
import { strategyFingerprint } from './strategy-fingerprint.ts';
import { parserFor } from './tasks/parser-for.ts';
import type { Task } from './tasks/task.ts';

/** Told how an evaluation goes. */
export interface EvaluationWatch {
  /** @param place of the task, from 1, and how many there are */
  task?(task: string, place: { readonly number: number; readonly of: number }): void;
  /** Told of all strategies' answers to a task. @param folder where they go */
  answers?(folder: string): BatchWatch;
  /**
   * @param what is graded by whom
   * @param total responses that are to be graded
   */
  grades?(what: string, total: number): GradeWatch;
}

/** Told how grading goes. */
export interface GradeWatch {
  add?(line: number, failure: Failure | undefined): void;
  end?(end: { readonly wasStopped: boolean }): void;
}

export interface EvaluateOptions {
  /** Files of lines as `runBatch` takes them, names of benchmarks (see `wellbegun benchmarks`), and benchmarks of one's own. */
  readonly what: readonly (string | Benchmark)[];
  /** The folder that everything goes to. The same call goes on where an earlier one ended. */
  readonly output: string;
  /** The first is what the others are compared with. */
  readonly strategies: readonly StrategyChoice[];
  /** With `judge` or `reward`, all responses are rewarded. */
  readonly models: ModelSettings;
  /** What lines and benchmarks leave open; a limit of tokens, stop strings and sampling count for benchmarks as well. */
  readonly decoding: Omit<DecodeOptions, 'strategy'>;
  /** Judges answers to benchmarks that have a protocol for it. */
  readonly chatJudge?: ChatJudge | undefined;
  /** Where files of benchmarks come from. Default: the cache, and their public places. */
  readonly data?: DataSource | undefined;
  /** Answers to each item of a benchmark, a whole number ≥ 1; more than one need a temperature. Default: 1. */
  readonly samples?: number | undefined;
  /** Lines that are answered at the same time; more make each of them slower. Default: 1. */
  readonly concurrency?: number;
  /** Ask the first lines only, or the first items of a benchmark. */
  readonly limit?: number | undefined;
  /** Leave out so many before them. Default: 0. */
  readonly skip?: number | undefined;
  /** Answer and grade earlier failures anew. */
  readonly retryFailed?: boolean | undefined;
  /** Grade what is there, and answer nothing. */
  readonly gradeOnly?: boolean | undefined;
  /** Write every token, and the request, as `run --json` does. */
  readonly tokens?: boolean | undefined;
  /** All that was set, for the report and to tell other settings. Default: models, decoding and concurrency. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  /** How failures call settings. Default: as the library does. */
  readonly spelling?: Spelling | undefined;
  /** Told what takes a while; what it gives is called at the end of it. */
  readonly announce?: ((text: string) => () => void) | undefined;
  readonly notice?: ((text: string) => void) | undefined;
  readonly watch?: EvaluationWatch;
}

/** The responses of one strategy to one task, and their grades. */
export interface StrategyJob {
  /** As it was given. */
  readonly strategy: StrategyChoice;
  /** Names of its files in the evaluation's folder. */
  readonly files: StrategyFiles;
  readonly batch: Batch;
  /** Undefined without a reward model. */
  readonly rewards: Rewards | undefined;
  /** Undefined for a file of prompts. */
  readonly grades: GradeRecording | undefined;
  /** Why these models can't answer this task by this strategy, once that is known. */
  unusable?: string;
}

/** A task, and who answers it. */
export interface TaskJobs {
  readonly task: Task;
  /** The lines that count. */
  readonly asked: LineSet;
  readonly jobs: readonly StrategyJob[];
  /** Undefined where the base has nothing to choose. */
  readonly choices: ChoiceRecording | undefined;
  /** Undefined where no judge is asked. */
  readonly judged: JudgedBy | undefined;
}

/** All that an evaluation is made from, and where it goes. Others can't write there until it is closed. */
export interface Evaluation extends AsyncDisposable {
  readonly options: EvaluateOptions & {
    readonly concurrency: number;
    readonly signal: AbortSignal;
    readonly data: DataSource;
  };
  /** Behind links. */
  readonly folder: string;
  readonly tasks: readonly TaskJobs[];
  /** The reward model's name. */
  readonly reward: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Words for sentences about the files. */
export const WORDS = { writer: 'evaluate', elsewhere: `name another folder with ${settingName('output')}` };

/** @throws ConfigError for an output that is the input, a reward model that is none, or responses that were made otherwise */
export async function openEvaluation(
  { concurrency = 1, signal = new AbortController().signal, ...rest }: EvaluateOptions & { readonly data: DataSource },
  tasks: readonly Task[],
  folder: string,
): Promise<Evaluation> {
  const { models, decoding } = rest;
  const settings = rest.settings ?? { ...models, ...decoding, concurrency };
  const opening: Opening = { options: { ...rest, concurrency, signal }, folder, settings };
  const opened: TaskJobs[] = [];
  const close = async () => {
    for (const { jobs, choices } of opened) {
      for (const job of jobs) await closeJob(job);
      await choices?.[Symbol.asyncDispose]();
    }
  };
  try {
    for (const task of tasks) {
      const jobs: StrategyJob[] = [];
      await mkdir(join(folder, task.place), { recursive: true });
      const asked = askedLines(task, selectionOf(task, rest));
      opened.push({ task, asked, jobs, ...(await gradersOf(task, opening)) });
      const source = await rewardOfTask(task, opening);
      for (const strategy of rest.strategies) jobs.push(await openJob(strategy, task, source, opening));
    }
    return { ...opening, tasks: opened, reward: models.judge ?? models.reward, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Opening = Pick<Evaluation, 'options' | 'folder' | 'settings'>;

/** Of all strategies' answers alike. */
async function gradersOf(task: Task, { options, folder }: Opening): Promise<Pick<TaskJobs, 'choices' | 'judged'>> {
  const { chatJudge, data, models, notice } = options;
  const benchmark = task.benchmark?.value;
  const judged = chatJudge && (await judgedBy(task, chatJudge, data, notice));
  return {
    judged,
    choices: benchmark?.choices && (await openChoices(join(folder, task.place), benchmark, models, WORDS)),
  };
}

async function rewardOfTask({ scan }: Task, { options }: Opening): Promise<RewardSource | undefined> {
  const { models, decoding } = options;
  const reference = models.judge ?? models.reward;
  if (reference === undefined) return undefined;
  return await rewardSource(reference, models.judge === undefined ? 'reward' : 'judge', decoding.system, scan);
}

async function openJob(
  strategy: StrategyChoice,
  task: Task,
  source: RewardSource | undefined,
  { options, folder, settings }: Opening,
): Promise<StrategyJob> {
  const { input, scan } = task;
  const files = evaluationFiles(strategy, task.place);
  const path = await outputPath(join(folder, files.answers), input);
  const fingerprint = await strategyFingerprint(settings, strategy);
  const parse = parserFor(task, strategy, options);
  const decoding = { ...options.decoding, strategy };
  const batch = await openBatch({
    ...{ ...options, ...selectionOf(task, options), ...WORDS, input, scan, path, fingerprint, decoding, parse },
    form: 'plain',
  });
  const opened: AsyncDisposable[] = [batch.output];
  const keep = <T extends AsyncDisposable>(part: T): T => (opened.push(part), part);
  try {
    const rewards = source && keep(await openRewards(join(folder, files.rewards), source, scan.lines, WORDS));
    const grades = task.benchmark && keep(await openGrades(join(folder, files.grades), WORDS));
    return { strategy, files, batch, rewards, grades };
  } catch (error) {
    for (const part of opened) await part[Symbol.asyncDispose]();
    throw error;
  }
}

async function closeJob({ batch, rewards, grades }: StrategyJob): Promise<void> {
  await batch.output.close();
  await rewards?.[Symbol.asyncDispose]();
  await grades?.[Symbol.asyncDispose]();
}

function askedLines({ scan }: Task, options: SelectOptions): LineSet {
  const asked = new LineSet(scan.lines);
  for (const line of chosen(scan.index!.requests, options)) asked.add(line);
  return asked;
}

/** In lines, of which a benchmark has one for each sample of an item. */
function selectionOf({ benchmark }: Task, { limit, skip = 0 }: SelectOptions): SelectOptions {
  const { samples = 1 } = benchmark ?? {};
  return { limit: limit && limit * samples, skip: skip * samples };
}
