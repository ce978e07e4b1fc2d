import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import type { LineSet } from './line-set.ts';
import { readLinesAt, readLinesInOrder } from './read-input-lines.ts';
import type { InputScan } from './scan-input.ts';
import { shuffleLines } from './shuffle-lines.ts';
import type { TextLine } from '../recording/text-line.ts';

export interface SelectOptions {
  /** Take the first so many requests only, after shuffling. */
  readonly limit?: number | undefined;
  /** Leave out so many before them. Default: 0. */
  readonly skip?: number | undefined;
  /** Take them in an order that this whole number decides. */
  readonly shuffleSeed?: number | undefined;
}

export interface Selection {
  /** Requests that were asked for, done ones among them. */
  readonly total: number;
  /** As many of them are done already. */
  readonly done: number;
  /** The others. */
  readonly lines: AsyncGenerator<TextLine, void, void>;
}

/** Lines that have a result. */
type Done = Pick<LineSet, 'has' | 'size'>;

/** Whether `selectLines` needs the input's index for this. */
export function needsIndex({ limit, skip = 0, shuffleSeed }: SelectOptions): boolean {
  return limit !== undefined || skip > 0 || shuffleSeed !== undefined;
}

/** Of all requests, in the order in which they are taken. @throws ConfigError if none is left */
export function chosen(requests: Uint32Array, { limit, skip = 0 }: SelectOptions): Uint32Array {
  if (skip >= requests.length) {
    const option = settingName('skip');
    throw new ConfigError(
      'all-skipped',
      `There are ${requests.length} lines, and ${option} leaves out ${skip}: lower it.`,
    );
  }
  return requests.subarray(skip, limit && skip + limit);
}

/** The lines that are still to be done, in the order in which they are to be begun. */
export function selectLines(path: string, scan: InputScan, done: Done, options: SelectOptions): Selection {
  const { index } = scan;
  if (!index) return { total: scan.requests, done: done.size, lines: leaveOut(readLinesInOrder(path), done) };
  if (options.shuffleSeed !== undefined) shuffleLines(index.requests, options.shuffleSeed);
  const asked = chosen(index.requests, options);
  const open = asked.filter((line) => !done.has(line));
  return { total: asked.length, done: asked.length - open.length, lines: readLinesAt(path, index.starts, open) };
}

async function* leaveOut(lines: AsyncIterable<TextLine>, done: Done): AsyncGenerator<TextLine, void, void> {
  for await (const line of lines) if (!done.has(line.number)) yield line;
}
