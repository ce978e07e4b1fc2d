import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ConfigError } from '../core/errors.ts';
import { GrowingArray } from '../core/growing-array.ts';
import { LineSplitter } from '../recording/line-splitter.ts';
import { MAX_LINE_BYTES } from './read-input-lines.ts';
import { isBlank } from '../recording/text-line.ts';

/** What one reading of the whole input tells before the work begins. */
export interface InputScan {
  readonly sha256: string;
  readonly bytes: number;
  /** Lines, blank ones counted. */
  readonly lines: number;
  /** Lines that are not blank. */
  readonly requests: number;
  /** Where lines lie, for reading them in another order. */
  readonly index?: LineIndex;
}

/** 12 bytes a line. */
export interface LineIndex {
  /** Line n lies from byte `starts[n − 1]` to `starts[n]`: [lines + 1] places. */
  readonly starts: Float64Array;
  /** Numbers of the lines that are not blank: [requests]. */
  readonly requests: Uint32Array;
}

export interface ScanOptions {
  /** Also note where lines lie. */
  readonly indexed?: boolean;
  readonly signal?: AbortSignal;
  /** Told what takes a while; what it gives is called at the end of it. */
  readonly announce?: ((text: string) => () => void) | undefined;
}

/**
 * Reads the input once: its hash, its lines, and where they are.
 *
 * @throws ConfigError for an input without lines
 */
export async function scanInput(path: string, { announce, ...options }: ScanOptions = {}): Promise<InputScan> {
  const announced = announce?.(`Counting the lines of ${path} …`);
  const scan = await scanLines(path, options).finally(announced);
  if (scan.requests > 0) return scan;
  throw new ConfigError('no-requests', `The input ${path} has no lines: give it one like {"prompt": "Hello"}.`);
}

async function scanLines(path: string, { indexed = false, signal }: ScanOptions): Promise<InputScan> {
  const hash = createHash('sha256');
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  const count = { bytes: 0, lines: 0, requests: 0 };
  const starts = new GrowingArray(Float64Array);
  const requests = new GrowingArray(Uint32Array);
  if (indexed) starts.push(0);
  const take = (lines: ReturnType<LineSplitter['push']>) => {
    for (const line of lines) {
      count.lines++;
      if (indexed) starts.push(line.endByte);
      if (isBlank(line)) continue;
      count.requests++;
      if (indexed) requests.push(line.number);
    }
  };
  for await (const chunk of createReadStream(path, signal ? { signal } : {}) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    count.bytes += chunk.length;
    take(splitter.push(chunk));
  }
  take(splitter.end());
  const index = { starts: starts.values(), requests: requests.values() };
  return { sha256: hash.digest('hex'), ...count, ...(indexed && { index }) };
}
