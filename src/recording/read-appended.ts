import { createReadStream } from 'node:fs';
import { LineSplitter } from './line-splitter.ts';
import type { TextLine } from './text-line.ts';

export interface AppendedFile<Entry> {
  /** Undefined for a line that is none. */
  readonly parse: (text: string) => Entry | undefined;
  readonly onEntry: (entry: Entry) => void;
  /** What is wrong with a line in the middle that is none, by its number. */
  readonly foreign: (line: number) => Error;
}

/**
 * Reads a file that is only ever appended to, entry by entry. A last line without its end, or one that is no entry, is
 * what an interruption left.
 *
 * @returns as many bytes of the file's beginning as are whole entries
 * @throws what `foreign` makes
 */
export async function readAppended<Entry>(
  path: string,
  { parse, onEntry, foreign }: AppendedFile<Entry>,
): Promise<number> {
  let sizeBytes = 0;
  let damaged: TextLine | undefined;
  const take = (line: TextLine) => {
    if (damaged) throw foreign(damaged.number);
    const entry = line.isWhole ? parse(Buffer.from(line.bytes!).toString()) : undefined;
    if (entry === undefined) damaged = line;
    else {
      onEntry(entry);
      sizeBytes = line.endByte;
    }
  };
  const splitter = new LineSplitter();
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const line of splitter.push(chunk)) take(line);
  }
  for (const line of splitter.end()) take(line);
  return sizeBytes;
}
