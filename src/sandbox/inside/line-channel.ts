import { readSync, writeSync } from 'node:fs';

const CHUNK_BYTES = 65_536;
const NEWLINE = 10;

/** Lines on standard input and output, read and written while everything else waits. */
export class LineChannel {
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #unread: Buffer = Buffer.alloc(0);

  /** The next line without its end; undefined where the other side has gone. */
  read(): Buffer | undefined {
    const parts: Buffer[] = [];
    for (;;) {
      const end = this.#unread.indexOf(NEWLINE);
      if (end >= 0) {
        parts.push(this.#unread.subarray(0, end));
        this.#unread = this.#unread.subarray(end + 1);
        return Buffer.concat(parts);
      }
      parts.push(this.#unread);
      const count = readSync(0, this.#chunk);
      if (count === 0) return undefined;
      this.#unread = Buffer.from(this.#chunk.subarray(0, count));
    }
  }

  write(line: Buffer): void {
    const bytes = Buffer.concat([line, Buffer.of(NEWLINE)]);
    for (let written = 0; written < bytes.length;) written += writeSync(1, bytes, written);
  }
}
