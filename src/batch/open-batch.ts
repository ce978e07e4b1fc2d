import { createStrategy } from '../assembly/create-strategy.ts';
import type { DecodeOptions } from '../assembly/decode-options.ts';
import type { Models } from '../assembly/load-pair.ts';
import { strategyOptions } from '../assembly/strategy-options.ts';
import { identifyModels } from '../assembly/identify-models.ts';
import type { ModelSettings } from '../assembly/model-settings.ts';
import { describeRequest } from '../assembly/run-request.ts';
import { TRACE_VERSION, toResponse, toRunResult } from '../assembly/run-result.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import { EngineHealth } from '../recording/engine-health.ts';
import type { Spelling } from '../recording/failure.ts';
import type { Fingerprint } from '../recording/fingerprint.ts';
import type { RecordingWords } from '../recording/lock-recording.ts';
import { openRecording, type Recording } from '../recording/open-recording.ts';
import type { TextLine } from '../recording/text-line.ts';
import { watched } from '../recording/watched.ts';
import { answerLines, type BatchResult, type ParseLine } from './answer-lines.ts';
import { answerWith, requestOptions } from './answer-with.ts';
import type { LineForm } from './batch-request.ts';
import { LineSet } from './line-set.ts';
import { readResultLine, type ResultPlace, type ToRecord } from './result-line.ts';
import type { InputScan } from './scan-input.ts';
import { type Selection, type SelectOptions, selectLines } from './select-lines.ts';

/** One output of a batch: what it is made from, and how. */
export interface BatchJob extends RecordingWords, SelectOptions {
  /** The input file. */
  readonly input: string;
  readonly scan: InputScan;
  /** The output behind links. */
  readonly path: string;
  /** Everything that responses depend on besides their lines. */
  readonly fingerprint: Fingerprint;
  /** Answer earlier failures anew. */
  readonly retryFailed?: boolean | undefined;
  readonly concurrency: number;
  /** Write every token. */
  readonly tokens?: boolean | undefined;
  /** Of every result. Default: that of its request. */
  readonly form?: LineForm | undefined;
  /** Understands the lines of the input. Default: the forms that a batch takes. */
  readonly parse?: ParseLine | undefined;
  /** Of the models that answer, for what traces say of them. */
  readonly models: ModelSettings;
  /** What lines leave open. */
  readonly decoding: DecodeOptions;
  readonly signal: AbortSignal;
  /** How failures call settings. Default: as the library does. */
  readonly spelling?: Spelling | undefined;
}

/** A batch as earlier runs left it. */
export interface Batch {
  readonly job: BatchJob;
  readonly output: Recording<ResultPlace, number>;
  readonly selection: Selection;
}

/**
 * Reads what earlier runs did, and keeps others from writing until the output is closed. Writes nothing.
 *
 * @throws ConfigError for an output that was made from something else, or is being written
 */
export async function openBatch(job: BatchJob): Promise<Batch> {
  const output = await openOutput(job);
  return { job, output, selection: selectLines(job.input, job.scan, output, job) };
}

export type OutputOptions = RecordingWords & Pick<BatchJob, 'input' | 'scan' | 'path' | 'fingerprint' | 'retryFailed'>;

/** Results of lines, by their numbers. @throws ConfigError */
export async function openOutput(options: OutputOptions): Promise<Recording<ResultPlace, number>> {
  const { path, input, scan } = options;
  return await openRecording<ResultPlace, number>(path, {
    ...options,
    input: { file: input, ...scan },
    parse(text) {
      const result = readResultLine(text);
      return result && result.line <= scan.lines ? result : undefined;
    },
    idOf: ({ line }) => line,
    hasFailed: ({ hasFailed }) => hasFailed,
    ids: () => new LineSet(scan.lines),
  });
}

/** Told how a batch goes. */
export interface BatchWatch {
  /** @param count what is there before the first line is answered */
  begin?(count: BatchCount): void;
  result?(result: BatchResult): void;
  /** @param end whether something went wrong with the batch as a whole */
  end?(end: { readonly wasStopped: boolean }): void;
}

export interface BatchCount {
  /** Lines that were asked for. */
  readonly total: number;
  /** As many of them have a result. */
  readonly done: number;
  /** As many of all results are failures. */
  readonly failed: number;
}

export function isComplete({ selection: { done, total } }: Batch): boolean {
  return done === total;
}

/**
 * Answers what is left to do, if there is something.
 *
 * @param models not used where nothing is left
 * @throws AbortError; ConfigError if earlier responses came from other models; CapabilityError if these models can't
 *   follow the strategy; EngineError `engine-failing`; WellbegunError from the disk
 */
export async function answerBatch(
  batch: Batch,
  models: Models | undefined,
  watch: BatchWatch | undefined,
): Promise<BatchCount> {
  const { total, done, lines } = batch.selection;
  watch?.begin?.({ total, done, failed: batch.output.failed });
  await watched(watch, async () => {
    if (isComplete(batch)) return;
    const answer = await openAnswering(batch, models!);
    await answer(lines, (result) => watch?.result?.(result));
  });
  return { total, done: total, failed: batch.output.failed };
}

/** Answers lines of a batch; see `answerBatch`. Failures of the engine in a row are counted over all calls. */
export type Answering = (lines: AsyncIterable<TextLine>, onResult: (result: BatchResult) => void) => Promise<void>;

/** @throws CapabilityError if these models can't follow the strategy */
export async function openAnswering({ job, output }: Batch, models: Models): Promise<Answering> {
  const { decoding, tokens, form, parse, concurrency, signal, spelling } = job;
  assertCapable(models, decoding);
  const answer = answerWith(models, { ...decoding, confidences: tokens ? 'all' : 'deciding' });
  const toRecord = tokens ? await tracesOf(job) : toShortRecord;
  const asked = { parse, answer, toRecord, form, output, concurrency, signal, spelling };
  const options = { ...asked, health: new EngineHealth() };
  return (lines, onResult) => answerLines({ ...options, lines, onResult });
}

/** Every token, and all that is needed to check the response. */
async function tracesOf({ models, decoding }: BatchJob): Promise<ToRecord> {
  const identities = await identifyModels(models, decoding.strategy);
  return (trace, request) => toRunResult(trace, describeRequest(requestOptions(decoding, request), models, identities));
}

function toShortRecord(trace: DecodeTrace): object {
  return { version: TRACE_VERSION, ...toResponse(trace), tokens: undefined };
}

/** @throws CapabilityError before the first line is answered, not in the middle of the night */
export function assertCapable(models: Models, options: DecodeOptions): void {
  createStrategy(options.strategy ?? 'wsd', models, strategyOptions(options));
}
