import { readSync } from 'node:fs';

import { GgufFault } from './gguf-fault.ts';

const FIRST_READ_BYTES = 1 << 20;
/** The metadata of real models stay under 40 MB. */
const MAX_HEAD_BYTES = 256 << 20;

/** The first bytes of an open file; it reads more of them as they are asked for, and never keeps more than 256 MiB. */
export class FileHead {
  readonly fileSize: number;
  readonly #descriptor: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(descriptor: number, fileSize: number) {
    this.#descriptor = descriptor;
    this.fileSize = fileSize;
  }

  /** Everything read so far. Slices stay valid when more is read. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /**
   * Makes the bytes before `end` available.
   *
   * @throws GgufFault when the file, or what a header may take, ends before it.
   */
  ensure(end: number, what: string): void {
    if (end <= this.#bytes.length) return;
    if (end > this.fileSize) throw new GgufFault('truncated-gguf', `it ends in the middle of ${what}`);
    if (end > MAX_HEAD_BYTES) throw new GgufFault('damaged-gguf', `its header, at ${what}, takes more than 256 MiB`);
    const wanted = Math.max(end, 2 * this.#bytes.length, FIRST_READ_BYTES);
    this.#grow(Math.min(wanted, this.fileSize, MAX_HEAD_BYTES));
    if (end > this.#bytes.length) throw new GgufFault('truncated-gguf', `it ends in the middle of ${what}`);
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafe(size);
    let filled = this.#bytes.copy(grown);
    while (filled < size) {
      const count = readSync(this.#descriptor, grown, filled, size - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    this.#bytes = grown.subarray(0, filled);
  }
}
