import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { LineSplitter, lineContent } from '../recording/line-splitter.ts';
import { isBlank, type TextLine } from '../recording/text-line.ts';

/** A longer line is a failure of its own; the longest context that models have today takes about a tenth of this. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** The lines of a file in its own order, blank ones left out. Holds one line at a time. */
export async function* readLinesInOrder(path: string): AsyncGenerator<TextLine, void, void> {
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) yield* requests(splitter.push(chunk));
  yield* requests(splitter.end());
}

function* requests(lines: Iterable<TextLine>): Generator<TextLine, void, void> {
  for (const line of lines) if (!isBlank(line)) yield line;
}

/**
 * The lines with these numbers, in this order.
 *
 * @param starts see `LineIndex`
 */
export async function* readLinesAt(
  path: string,
  starts: Float64Array,
  numbers: Iterable<number>,
): AsyncGenerator<TextLine, void, void> {
  const file = await open(path);
  try {
    for (const number of numbers) yield await readLineAt(file, starts, number);
  } finally {
    await file.close();
  }
}

/** One line of an open file. */
export async function readLineAt(file: FileHandle, starts: Float64Array, number: number): Promise<TextLine> {
  const [startByte, endByte] = [starts[number - 1]!, starts[number]!];
  const length = endByte - startByte;
  // With its line end, which does not count.
  if (length > MAX_LINE_BYTES + 1) return { number, bytes: undefined, endByte, isWhole: true };
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, startByte);
  const isWhole = buffer.at(-1) === 0x0a;
  const bytes = lineContent(isWhole ? buffer.subarray(0, -1) : buffer, startByte);
  return { number, bytes, endByte, isWhole };
}
