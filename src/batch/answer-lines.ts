import { CapabilityError } from '../core/errors.ts';
import { type Failure, isFailure, type Spelling } from '../recording/failure.ts';
import type { Recording } from '../recording/open-recording.ts';
import type { TextLine } from '../recording/text-line.ts';
import { type WorkOptions, workThrough } from '../recording/work-through.ts';
import type { Answer, Answered, BatchLine, BatchRequest, LineForm } from './batch-request.ts';
import { fieldOf } from '../settings/names.ts';
import { parseLine } from './parse-line.ts';
import { resultLine, type ResultPlace, type ToRecord } from './result-line.ts';

/** A line whose result is on the disk. */
export interface BatchResult {
  readonly line: number;
  readonly outcome: Answered | Failure;
}

/** Understands a line; what is wrong with it is its request. */
export type ParseLine = (line: TextLine) => BatchLine;

export interface AnswerLinesOptions extends WorkOptions {
  readonly lines: AsyncIterable<TextLine>;
  /** Default: the forms that a batch takes. */
  readonly parse?: ParseLine | undefined;
  readonly answer: Answer;
  readonly toRecord: ToRecord;
  /** Of every result. Default: that of its request. */
  readonly form?: LineForm | undefined;
  readonly output: Pick<Recording<ResultPlace, number>, 'append'>;
  readonly onResult?: ((result: BatchResult) => void) | undefined;
}

/**
 * Answers line after line, several at a time, and writes each result as soon as it is there. What goes wrong with one
 * line is its result; what goes wrong with all of them (the disk, the engine, a setting of the whole batch that no model
 * here has) ends the batch, with every result so far on the disk.
 *
 * @throws AbortError; CapabilityError, EngineError `engine-failing`; WellbegunError from the output
 */
export async function answerLines(options: AnswerLinesOptions): Promise<void> {
  const { lines, parse = parseLine, answer, toRecord, form, output, onResult } = options;
  const { concurrency, signal, health, spelling } = options;
  await workThrough<BatchLine, Answered>(parsed(lines, parse), {
    concurrency,
    signal,
    health,
    spelling,
    spellingOf: (line) => (line.form === 'plain' ? undefined : fieldSpelling(spelling)),
    answer: async ({ request }, stop) => (isFailure(request) ? request : await answer(request, stop)),
    endsAll: (error, { request }) => isOfAll(error) && !drawsItsOwnWay(request),
    async record(line, outcome) {
      const text = resultLine({ ...line, form: form ?? line.form }, outcome, toRecord);
      await output.append({ line: line.line, hasFailed: isFailure(outcome) }, text);
      onResult?.({ line: line.line, outcome });
    },
  });
}

/** OpenAI's lines have fields of their own for some settings. */
function fieldSpelling(spelling: Spelling = (setting) => setting): Spelling {
  return (setting) => fieldOf(setting) ?? spelling(setting);
}

/** A way of drawing tokens that a line did not ask for itself was asked for all of them. */
function isOfAll(error: unknown): boolean {
  return error instanceof CapabilityError && error.code === 'unsupported-sampling';
}

function drawsItsOwnWay(request: BatchRequest | Failure): boolean {
  return !isFailure(request) && Object.keys(request.sampling ?? {}).length > 0;
}

async function* parsed(lines: AsyncIterable<TextLine>, parse: ParseLine): AsyncGenerator<BatchLine, void, void> {
  for await (const line of lines) yield parse(line);
}
