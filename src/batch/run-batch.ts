import type { DecodeTrace } from '../core/decode-trace.ts';
import { type Answer, type BatchLine, isFailure, type LineFailure, type LineForm } from './batch-request.ts';
import { EngineHealth } from './engine-health.ts';
import type { OutputFile } from './output-file.ts';
import { parseLine } from './parse-line.ts';
import { resultLine, type ToRecord } from './result-line.ts';
import type { TextLine } from './text-line.ts';
import { type WorkOptions, workThrough } from './work-through.ts';

/** A line whose result is on the disk. */
export interface BatchResult {
  readonly line: number;
  readonly outcome: DecodeTrace | LineFailure;
}

export interface BatchOptions extends WorkOptions {
  readonly lines: AsyncIterable<TextLine>;
  readonly answer: Answer;
  readonly toRecord: ToRecord;
  /** Of every result. Default: that of its request. */
  readonly form?: LineForm | undefined;
  readonly output: Pick<OutputFile, 'append'>;
  readonly onResult?: (result: BatchResult) => void;
}

/**
 * Answers line after line, several at a time, and writes each result as soon as it is there. What goes wrong with one
 * line is its result; what goes wrong with all of them (the disk, the engine) ends the batch, with every result so far
 * on the disk.
 *
 * @throws AbortError; CapabilityError, EngineError `engine-failing`; WellbegunError from the output
 */
export async function runBatch(options: BatchOptions): Promise<void> {
  const health = new EngineHealth();
  await workThrough(options.lines, options, (line, signal) =>
    answerLine(parseLine(line), { ...options, signal, health }),
  );
}

interface Work extends BatchOptions {
  readonly health: EngineHealth;
}

async function answerLine(line: BatchLine, { answer, toRecord, form = line.form, output, onResult, ...work }: Work) {
  const { signal, health } = work;
  const { request } = line;
  const outcome = isFailure(request) ? request : await health.attempt(() => answer(request, signal), signal);
  await output.append(resultLine({ ...line, form }, outcome, toRecord));
  onResult?.({ line: line.line, outcome });
  health.check();
}
