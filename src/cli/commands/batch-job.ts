import type { Answer, LineForm } from '../../batch/batch-request.ts';
import { type BatchSource, earlierOutput, linesDone, openOutput } from '../../batch/open-output.ts';
import type { OutputFile } from '../../batch/output-file.ts';
import type { OutputContent } from '../../batch/read-output.ts';
import { type BatchResult, runBatch } from '../../batch/run-batch.ts';
import { type Selection, type SelectOptions, selectLines } from '../../batch/select-lines.ts';
import type { DecodeTrace } from '../../core/decode-trace.ts';
import { decode } from '../../assembly/decode.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import type { Models } from '../../assembly/load-pair.ts';
import { toRunResult } from '../../assembly/run-result.ts';
import { BatchReport } from '../output/batch-report.ts';
import type { Terminal } from '../output/terminal.ts';

/** One output of a batch: what it is made from, and how. */
export interface BatchJob extends BatchSource {
  /** The output, as a person named it. */
  readonly output: string;
  /** The output behind links. */
  readonly path: string;
  readonly select: SelectOptions;
  /** Answer earlier failures anew. */
  readonly withoutFailures: boolean;
  readonly concurrency: number;
  /** Write every token. */
  readonly tokens?: boolean | undefined;
  /** Of every result. Default: that of its request. */
  readonly form?: LineForm;
  readonly decoding: DecodeOptions;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** What an earlier run left to do. */
export interface BatchPlan {
  readonly earlier: OutputContent | undefined;
  readonly selection: Selection;
  /** Failures that stay. */
  readonly failed: number;
}

/** @throws ConfigError for an output that was made from something else */
export async function planBatch(job: BatchJob): Promise<BatchPlan> {
  const earlier = await earlierOutput(job.path, job);
  const { done, failed } = linesDone(earlier, job);
  return { earlier, selection: selectLines(job.input, job.scan, done, job.select), failed };
}

export function isComplete({ selection: { done, total } }: BatchPlan): boolean {
  return done === total;
}

/**
 * Tells of a batch that has nothing left to do.
 *
 * @returns how many lines have failed
 */
export function tellComplete(plan: BatchPlan, job: BatchJob): number {
  return reportOf(plan, job).finished();
}

/**
 * Answers what is left to do. To be called under the output's lock.
 *
 * @returns how many lines have failed, in this run and before
 * @throws AbortError; CapabilityError, EngineError `engine-failing`; WellbegunError from the disk
 */
export async function answerPlan(plan: BatchPlan, models: Models, job: BatchJob): Promise<number> {
  const output = await openOutput(job.path, plan.earlier, job);
  using report = reportOf(plan, job);
  await answerLines(plan.selection, output, models, report, job).finally(() => output.close());
  return report.finished();
}

function reportOf({ selection, failed }: BatchPlan, { terminal, output }: BatchJob): BatchReport {
  return new BatchReport(terminal, output, { ...selection, failed });
}

async function answerLines(
  { lines }: Selection,
  output: OutputFile,
  models: Models,
  report: BatchReport,
  { decoding, tokens, form, concurrency, signal }: BatchJob,
): Promise<void> {
  const answer = answerWith(models, { ...decoding, confidences: tokens ? 'all' : 'deciding' });
  const toRecord = (trace: DecodeTrace) => ({ ...toRunResult(trace), ...(!tokens && { tokens: undefined }) });
  const onResult = (result: BatchResult) => report.add(result);
  try {
    await runBatch({ lines, answer, toRecord, form, output, concurrency, signal, onResult });
  } catch (error) {
    report.stopped();
    throw error;
  }
}

/** What a line leaves open is the command line's. */
function answerWith(models: Models, options: DecodeOptions): Answer {
  return async ({ sampling, ...request }, signal) => {
    const events = decode(models, { ...options, ...sampling, ...request, signal });
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
    }
  };
}
