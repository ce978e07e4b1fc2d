import { writeSync } from 'node:fs';
import { Ended } from './ended.ts';
import type { LineChannel } from './line-channel.ts';

const NEWLINE = 10;
const STANDARD_ERROR = 2;

/** The lines of one interpreter on a channel that several use, one after the other. */
export class ProgramChannel {
  readonly #lines: LineChannel;
  readonly #number: number;
  readonly #outputBytes: number;
  /** Whether the interpreter came as far as to wait for its first line. */
  hasWaited = false;
  #unread: Uint8Array = new Uint8Array();
  #unsent: Buffer[] = [];
  #spentBytes = 0;

  /** @param outputBytes what the interpreter may write and print before it is ended */
  constructor(lines: LineChannel, number: number, outputBytes: number) {
    this.#lines = lines;
    this.#number = number;
    this.#outputBytes = outputBytes;
  }

  /** @throws Ended where the other side wants it */
  read(maxBytes: number): Uint8Array {
    if (this.#unread.length === 0) this.#unread = this.#nextLine();
    const bytes = this.#unread.subarray(0, maxBytes);
    this.#unread = this.#unread.subarray(maxBytes);
    return bytes;
  }

  write(bytes: Uint8Array): void {
    this.#count(bytes);
    for (let rest = Buffer.from(bytes); rest.length > 0;) {
      const end = rest.indexOf(NEWLINE);
      this.#unsent.push(end < 0 ? rest : rest.subarray(0, end));
      if (end < 0) return;
      this.#lines.write(Buffer.concat([Buffer.from('a '), ...this.#unsent.splice(0)]));
      rest = rest.subarray(end + 1);
    }
  }

  /** What is printed is only counted; before there is a program, it says what is wrong with the interpreter. */
  print(bytes: Uint8Array): void {
    if (!this.hasWaited) writeSync(STANDARD_ERROR, bytes);
    this.#count(bytes);
  }

  #count(bytes: Uint8Array): void {
    this.#spentBytes += bytes.length;
    if (this.#spentBytes > this.#outputBytes) throw new Ended(`it wrote more than ${this.#outputBytes} bytes`);
  }

  #nextLine(): Uint8Array {
    if (!this.hasWaited) this.#lines.write(Buffer.from(`w ${this.#number}`));
    this.hasWaited = true;
    for (;;) {
      const line = this.#lines.read();
      if (line === undefined) process.exit();
      const space = line.indexOf(' ');
      if (line.toString('latin1', 0, space) !== String(this.#number)) continue;
      if (space + 1 === line.length) throw new Ended('no more is wanted');
      return Buffer.concat([line.subarray(space + 1), Buffer.of(NEWLINE)]);
    }
  }
}
