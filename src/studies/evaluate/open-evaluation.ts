import type { StrategyChoice } from '../../assembly/create-strategy.ts';
import { join } from 'node:path';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import { settingName } from '../../core/setting-name.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { outputPath } from '../../batch/batch-places.ts';
import { LineSet } from '../../batch/line-set.ts';
import { type Batch, type BatchWatch, openBatch } from '../../batch/open-batch.ts';
import type { InputScan } from '../../batch/scan-input.ts';
import type { Failure } from '../../recording/failure.ts';
import { evaluationJudge } from './evaluation-judge.ts';
import { evaluationFiles } from './evaluation-places.ts';
import { type Judge, openRewards, type Rewards } from './rewards.ts';
import { strategyFingerprint } from './strategy-fingerprint.ts';

/** Told how an evaluation goes. */
export interface EvaluationWatch {
  /** @param place of the strategy, from 1, and how many there are */
  strategy?(strategy: string, place: { readonly number: number; readonly of: number }): void;
  /** @param output the file of a strategy's responses */
  answers?(output: string): BatchWatch;
  /** @param total responses that are to be judged */
  rewards?(total: number): RewardWatch;
}

/** Told how judging goes. */
export interface RewardWatch {
  add?(line: number, failure: Failure | undefined): void;
  end?(end: { readonly wasStopped: boolean }): void;
}

export interface EvaluateOptions {
  /** Lines as `runBatch` takes them. */
  readonly input: string;
  /** The folder that everything goes to. The same call goes on where an earlier one ended. */
  readonly output: string;
  /** The first is what the others are compared with. */
  readonly strategies: readonly StrategyChoice[];
  /** With `judge` or `reward`, all responses are rewarded. */
  readonly models: ModelSettings;
  /** What lines leave open. */
  readonly decoding: Omit<DecodeOptions, 'strategy'>;
  /** Lines that are answered at the same time; more make each of them slower. Default: 1. */
  readonly concurrency?: number;
  /** Ask the first lines only. */
  readonly limit?: number | undefined;
  /** Answer and judge earlier failures anew. */
  readonly retryFailed?: boolean | undefined;
  /** Write every token, and the request, as `run --json` does. */
  readonly tokens?: boolean | undefined;
  /** All that was set, for the report and to tell other settings. Default: models, decoding and concurrency. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  /** Told what takes a while; what it gives is called at the end of it. */
  readonly announce?: ((text: string) => () => void) | undefined;
  readonly notice?: ((text: string) => void) | undefined;
  readonly watch?: EvaluationWatch;
}

/** The responses of one strategy, and their rewards. */
export interface StrategyJob {
  /** As it was given. */
  readonly strategy: StrategyChoice;
  /** Names of its files in the folder. */
  readonly files: { readonly answers: string; readonly rewards: string };
  readonly batch: Batch;
  /** Undefined without a judge. */
  readonly rewards: Rewards | undefined;
}

/** All that an evaluation is made from, and where it goes. Others can't write there until it is closed. */
export interface Evaluation extends AsyncDisposable {
  readonly options: EvaluateOptions & { readonly concurrency: number; readonly signal: AbortSignal };
  readonly scan: InputScan;
  /** The lines that count. */
  readonly asked: LineSet;
  readonly jobs: readonly StrategyJob[];
  /** The judge's name. */
  readonly judge: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Words for sentences about the files. */
export const WORDS = { writer: 'evaluate', elsewhere: `name another folder with ${settingName('output')}` };

/**
 * @param folder the output behind links
 * @throws ConfigError for an output that is the input, a judge that is none, or responses that were made otherwise
 */
export async function openEvaluation(
  { concurrency = 1, signal = new AbortController().signal, ...rest }: EvaluateOptions,
  scan: InputScan,
  folder: string,
): Promise<Evaluation> {
  const options = { ...rest, concurrency, signal };
  const { settings = { ...rest.models, ...rest.decoding, concurrency }, models, limit } = rest;
  const { judge: named, reward } = models;
  const option = named === undefined ? 'reward' : 'judge';
  const reference = named ?? reward;
  const judge =
    reference === undefined ? undefined : await evaluationJudge(reference, option, rest.decoding.system, scan);
  const jobs: StrategyJob[] = [];
  const evaluation: Evaluation = {
    ...{ options, scan, jobs, settings },
    asked: askedLines(scan, limit),
    judge: judge?.name,
    [Symbol.asyncDispose]: () => closeJobs(jobs),
  };
  try {
    for (const strategy of rest.strategies) jobs.push(await openJob(strategy, evaluation, judge, folder));
    return evaluation;
  } catch (error) {
    await closeJobs(jobs);
    throw error;
  }
}

async function openJob(
  strategy: StrategyChoice,
  { options, scan, settings }: Evaluation,
  judge: Judge | undefined,
  folder: string,
): Promise<StrategyJob> {
  const files = evaluationFiles(strategy);
  const path = await outputPath(join(folder, files.answers), options.input);
  const fingerprint = await strategyFingerprint(settings, strategy);
  const decoding = { ...options.decoding, strategy };
  const batch = await openBatch({ ...options, ...WORDS, scan, path, fingerprint, decoding, form: 'plain' });
  try {
    const rewards = judge && (await openRewards(join(folder, files.rewards), judge, scan.lines, WORDS));
    return { strategy, files, batch, rewards };
  } catch (error) {
    await batch.output.close();
    throw error;
  }
}

async function closeJobs(jobs: readonly StrategyJob[]): Promise<void> {
  for (const { batch, rewards } of jobs) {
    await batch.output.close();
    await rewards?.[Symbol.asyncDispose]();
  }
}

function askedLines({ lines, index }: InputScan, limit: number | undefined): LineSet {
  const asked = new LineSet(lines);
  for (const line of index!.requests.subarray(0, limit)) asked.add(line);
  return asked;
}
