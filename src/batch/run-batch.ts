import { setMaxListeners } from 'node:events';
import { CapabilityError, EngineError, WellbegunError } from '../core/errors.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import { type Answer, type BatchLine, isFailure, type LineFailure } from './batch-request.ts';
import type { OutputFile } from './output-file.ts';
import { parseLine } from './parse-line.ts';
import { resultLine, type ToRecord } from './result-line.ts';
import type { TextLine } from './text-line.ts';

/** So many lines in a row that failed in the engine mean that it is gone; what is left would fail as well. */
const FAILURES_IN_A_ROW = 20;

/** A line whose result is on the disk. */
export interface BatchResult {
  readonly line: number;
  readonly outcome: DecodeTrace | LineFailure;
}

export interface BatchOptions {
  readonly lines: AsyncIterable<TextLine>;
  readonly answer: Answer;
  readonly toRecord: ToRecord;
  readonly output: Pick<OutputFile, 'append'>;
  /** Requests that are answered at the same time, a whole number ≥ 1. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
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
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // Each request listens to it.
  setMaxListeners(0, signal);
  const lines = options.lines[Symbol.asyncIterator]();
  const health = new EngineHealth();
  const work = async () => {
    try {
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        signal.throwIfAborted();
        await answerLine(parseLine(next.value), { ...options, signal, health });
      }
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(Array.from({ length: options.concurrency }, work));
  await lines.return?.();
  signal.throwIfAborted();
}

interface Work extends BatchOptions {
  readonly health: EngineHealth;
}

async function answerLine(line: BatchLine, { answer, toRecord, output, signal, health, onResult }: Work) {
  const outcome = isFailure(line.request) ? line.request : await attempt(answer(line.request, signal), signal, health);
  await output.append(resultLine(line, outcome, toRecord));
  onResult?.({ line: line.line, outcome });
  health.check();
}

async function attempt(answer: Promise<DecodeTrace>, signal: AbortSignal, health: EngineHealth) {
  try {
    const trace = await answer;
    health.note(undefined);
    return trace;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CapabilityError) throw error;
    health.note(error);
    return failureOf(error);
  }
}

function failureOf(error: unknown): LineFailure {
  const code = error instanceof WellbegunError ? error.code : 'unexpected';
  return { code, message: error instanceof Error ? error.message : String(error) };
}

/** Counts failures of the engine in a row. */
class EngineHealth {
  #failures = 0;
  #last: EngineError | undefined;

  note(error: unknown): void {
    this.#last = error instanceof EngineError ? error : undefined;
    this.#failures = this.#last ? this.#failures + 1 : 0;
  }

  /** @throws EngineError */
  check(): void {
    if (!this.#last || this.#failures < FAILURES_IN_A_ROW) return;
    const { engine, message } = this.#last;
    throw new EngineError(
      engine,
      'engine-failing',
      `The last ${this.#failures} lines failed, so the batch was stopped (${message.replace(/\.$/, '')}): mend the engine and give the same command with --retry-failed.`,
      { cause: this.#last },
    );
  }
}
