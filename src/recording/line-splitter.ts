import type { TextLine } from './text-line.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Splits bytes that come in pieces into lines; `\n` and `\r\n` end one. Holds at most one line of `maxBytes`: a longer
 * one is counted, not kept.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #lineBytes = 0;
  #startByte = 0;
  #number = 0;

  constructor(maxBytes = Infinity) {
    this.#maxBytes = maxBytes;
  }

  *push(chunk: Buffer): Generator<TextLine, void, void> {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, end));
      from = end + 1;
      yield this.#take(true);
    }
    this.#keep(chunk.subarray(from));
  }

  /** The last line, if no line end came after it. */
  *end(): Generator<TextLine, void, void> {
    if (this.#lineBytes > 0) yield this.#take(false);
  }

  #keep(piece: Buffer): void {
    this.#lineBytes += piece.length;
    if (this.#lineBytes <= this.#maxBytes) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  #take(isWhole: boolean): TextLine {
    const endByte = this.#startByte + this.#lineBytes + (isWhole ? 1 : 0);
    const isKept = this.#lineBytes <= this.#maxBytes;
    const bytes = isKept ? lineContent(joined(this.#pieces), this.#startByte) : undefined;
    this.#pieces = [];
    this.#lineBytes = 0;
    this.#startByte = endByte;
    return { number: ++this.#number, bytes, endByte, isWhole };
  }
}

/** A line without the `\r` of its end, and without the mark that some editors put at the beginning of a file. */
export function lineContent(bytes: Buffer, startByte: number): Buffer {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  const hasMark = startByte === 0 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return bytes.subarray(hasMark ? BYTE_ORDER_MARK.length : 0, end);
}

/** A line within one chunk is not copied. */
function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}
