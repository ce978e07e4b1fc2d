import { createReadStream } from 'node:fs';
import { ConfigError } from '../core/errors.ts';
import { LineSet } from './line-set.ts';
import { LineSplitter } from './line-splitter.ts';
import { readResultLine } from './result-line.ts';
import type { TextLine } from './text-line.ts';

/** What the output of an earlier run holds. */
export interface OutputContent {
  /** Lines of the input that have a result, failures among them. */
  readonly done: LineSet;
  readonly failed: LineSet;
  /** The file's beginning that is whole lines; after it there is at most what an interruption left of one. */
  readonly sizeBytes: number;
}

/**
 * Reads which lines are done. A last line without its end, or one that is not JSON, is what an interruption left.
 *
 * @param lines how many the input has
 * @throws ConfigError for a file with other content
 */
export async function readOutput(path: string, lines: number): Promise<OutputContent> {
  const content = { done: new LineSet(lines), failed: new LineSet(lines), sizeBytes: 0 };
  let damaged: TextLine | undefined;
  const take = (line: TextLine) => {
    if (damaged) throw notOutput(path, damaged.number);
    const result = line.isWhole ? readResultLine(Buffer.from(line.bytes!).toString()) : undefined;
    if (!result || result.line > lines) damaged = line;
    else {
      content.done.add(result.line);
      if (result.hasFailed) content.failed.add(result.line);
      content.sizeBytes = line.endByte;
    }
  };
  const splitter = new LineSplitter();
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const line of splitter.push(chunk)) take(line);
  }
  for (const line of splitter.end()) take(line);
  return content;
}

function notOutput(path: string, line: number): ConfigError {
  return new ConfigError(
    'bad-output',
    `Line ${line} of ${path} is not what batch writes: remove that line, or name another file with --output.`,
  );
}
