import { join } from 'node:path';
import { LineSet } from '../../batch/line-set.ts';
import type { InputScan } from '../../batch/scan-input.ts';
import type { BatchSettings } from '../../batch/batch-state.ts';
import type { Judge } from '../../studies/evaluate/rewards.ts';
import type { StrategyChoice } from '../../assembly/create-strategy.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import type { Terminal } from '../output/terminal.ts';
import type { BatchJob } from './batch-job.ts';
import { outputPath } from './batch-places.ts';
import type { CommandValues } from './command-values.ts';
import { evaluationJudge } from './evaluation-judge.ts';
import { evaluationFiles } from './evaluation-places.ts';
import { reportSettings, strategySettings } from './evaluation-settings.ts';

/** What commander makes of the options of `evaluate`. */
export interface EvaluationValues extends Omit<CommandValues, 'strategy'> {
  readonly output: string;
  readonly strategies: readonly StrategyChoice[];
  readonly judge?: string;
  readonly concurrency: number;
  readonly limit?: number;
  readonly retryFailed?: boolean;
  readonly plot?: string;
  readonly debug?: boolean;
}

/** The responses of one strategy. */
export interface StrategyJob extends BatchJob {
  readonly strategy: StrategyChoice;
  /** Names of its files in the folder. */
  readonly files: { readonly answers: string; readonly rewards: string };
  /** The file of rewards, behind links. */
  readonly rewardsPath: string;
}

/** All that an evaluation is made from, and where it goes. */
export interface Evaluation {
  readonly input: string;
  readonly scan: InputScan;
  /** The lines that count. */
  readonly asked: LineSet;
  readonly jobs: readonly StrategyJob[];
  readonly judge: Judge | undefined;
  readonly values: EvaluationValues;
  /** For the report. */
  readonly settings: BatchSettings;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export interface EvaluationParts extends Pick<Evaluation, 'input' | 'scan' | 'values' | 'terminal' | 'signal'> {
  /** The output folder behind links. */
  readonly folder: string;
  /** The options as they can be written down. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly decoding: DecodeOptions;
}

/** @throws ConfigError for an output that is the input, or a judge that is none */
export async function createEvaluation(parts: EvaluationParts): Promise<Evaluation> {
  const { input, scan, values, given, terminal, signal } = parts;
  const judge = values.judge ?? values.reward;
  const jobs: StrategyJob[] = [];
  for (const strategy of values.strategies) jobs.push(await createJob(strategy, parts));
  return {
    input,
    scan,
    asked: askedLines(scan, values.limit),
    jobs,
    judge:
      judge === undefined
        ? undefined
        : await evaluationJudge(judge, values.judge === undefined ? 'reward' : 'judge', values.system, scan),
    values,
    settings: await reportSettings(given),
    terminal,
    signal,
  };
}

async function createJob(strategy: StrategyChoice, parts: EvaluationParts): Promise<StrategyJob> {
  const { input, scan, values, given, folder, decoding, terminal, signal } = parts;
  const files = evaluationFiles(strategy);
  return {
    strategy,
    files,
    rewardsPath: join(folder, files.rewards),
    input,
    scan,
    settings: await strategySettings(given, strategy),
    output: join(values.output, files.answers),
    path: await outputPath(join(folder, files.answers), input),
    select: values,
    withoutFailures: values.retryFailed ?? false,
    concurrency: values.concurrency,
    form: 'plain',
    decoding: { ...decoding, strategy },
    terminal,
    signal,
  };
}

function askedLines({ lines, index }: InputScan, limit: number | undefined): LineSet {
  const asked = new LineSet(lines);
  for (const line of index!.requests.subarray(0, limit)) asked.add(line);
  return asked;
}
