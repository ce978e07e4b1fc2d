import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { LineSplitter } from './line-splitter.ts';
import { MAX_LINE_BYTES } from './read-input-lines.ts';
import { isBlank } from './text-line.ts';

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

/** Reads the input once: its hash, its lines, and where they are if they are to be `indexed`. */
export async function scanInput(
  path: string,
  { indexed = false, signal }: { readonly indexed?: boolean; readonly signal?: AbortSignal } = {},
): Promise<InputScan> {
  const hash = createHash('sha256');
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  const count = { bytes: 0, lines: 0, requests: 0 };
  const starts = new Places(Float64Array);
  const requests = new Places(Uint32Array);
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

type NumberArray = Float64Array | Uint32Array;

/** A typed array that grows. */
class Places<T extends NumberArray> {
  readonly #create: new (length: number) => T;
  #array: T;
  #length = 0;

  constructor(create: new (length: number) => T) {
    this.#create = create;
    this.#array = new create(1024);
  }

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = new this.#create(2 * this.#length);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length++] = value;
  }

  values(): T {
    return this.#array.slice(0, this.#length) as T;
  }
}
