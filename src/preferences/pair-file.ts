import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { ConfigError } from '../core/errors.ts';
import { GrowingArray } from '../core/growing-array.ts';
import { lineContent, LineSplitter } from '../recording/line-splitter.ts';
import { isBlank, type TextLine } from '../recording/text-line.ts';
import { readFields } from './forms/form.ts';
import { pairs as pairsForm } from './forms/pairs.ts';
import type { PreferencePair } from './preference-pair.ts';
import { UnusableRecord } from './records/data-record.ts';
import { beginningOf, fileBytes, isPacked } from './records/file-bytes.ts';
import { MOST_RECORD_BYTES, parseRecord } from './records/parse-record.ts';

export interface PairLine {
  /** From 1, blank lines counted. */
  readonly number: number;
  /** Without its end. */
  readonly bytes: Uint8Array;
  readonly pair: PreferencePair;
}

/** A file of pairs in the schema's lines, which are read in order first and may be read again one by one: 12 bytes a line are kept. */
export class PairFile implements AsyncDisposable {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  readonly #starts = new GrowingArray(Float64Array);
  readonly #lengths = new GrowingArray(Uint32Array);

  /** @throws ConfigError for a file that can't be read, or is packed */
  static async open(path: string): Promise<PairFile> {
    if (isPacked(await beginningOf(path))) {
      const message = `${path} is packed by gzip: bring it into the schema with data import, or unpack it.`;
      throw new ConfigError('packed-pairs', message);
    }
    return new PairFile(path, await open(path));
  }

  constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** What was read, once all was. */
  get content(): { readonly bytes: number; readonly sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
  }

  /** How many pairs were read. */
  get length(): number {
    return this.#starts.length;
  }

  /**
   * All pairs in order; to be called once.
   *
   * @param onFault told of a line that is no pair
   * @throws ConfigError where the file can't be read
   */
  async *read(
    onFault: (number: number, fault: UnusableRecord) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<PairLine, void, void> {
    const splitter = new LineSplitter(MOST_RECORD_BYTES);
    let startByte = 0;
    const take = (line: TextLine): PairLine | undefined => {
      const start = startByte;
      startByte = line.endByte;
      if (isBlank(line)) return undefined;
      const pair = parsePair(line.number, line.bytes);
      if (pair instanceof UnusableRecord) {
        onFault(line.number, pair);
        return undefined;
      }
      this.#starts.push(start);
      this.#lengths.push(line.endByte - start);
      return { number: line.number, bytes: line.bytes!, pair };
    };
    for await (const chunk of fileBytes(this.path, { signal, encoding: 'utf-8' })) {
      this.#hash.update(chunk);
      this.#bytes += chunk.length;
      for (const line of splitter.push(chunk)) {
        const found = take(line);
        if (found) yield found;
      }
    }
    for (const line of splitter.end()) {
      const found = take(line);
      if (found) yield found;
    }
  }

  /**
   * A line again, with a line end behind it.
   *
   * @param index of a pair, from 0
   * @param room for it; what is given then lasts until the next call. A buffer of its own for each of a million lines is freed too late
   */
  async lineAt(index: number, room?: Buffer): Promise<Buffer> {
    const [start, length] = [this.#starts.at(index), this.#lengths.at(index)];
    const place = room && room.length >= length ? room.subarray(0, length) : Buffer.allocUnsafe(length);
    const { buffer } = await this.#file.read(place, 0, length, start);
    const isPlain = start > 0 && buffer.at(-1) === 0x0a && buffer.at(-2) !== 0x0d;
    if (isPlain) return buffer;
    const line = lineContent(buffer.at(-1) === 0x0a ? buffer.subarray(0, -1) : buffer, start);
    return Buffer.concat([line, Buffer.from('\n')]);
  }

  /** @param index of a pair, from 0 */
  async pairAt(index: number): Promise<PreferencePair> {
    return JSON.parse((await this.lineAt(index)).toString('utf8')) as PreferencePair;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

function parsePair(number: number, bytes: Uint8Array | undefined): PreferencePair | UnusableRecord {
  const { content } = parseRecord(number, bytes);
  if (content instanceof UnusableRecord) return content;
  try {
    return readFields(pairsForm, content) as PreferencePair;
  } catch (error) {
    if (error instanceof UnusableRecord) return error;
    throw error;
  }
}
