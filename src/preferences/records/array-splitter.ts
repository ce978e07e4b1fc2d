import { MOST_RECORD_BYTES } from './parse-record.ts';

const [QUOTE, BACKSLASH, COMMA, NEWLINE] = [0x22, 0x5c, 0x2c, 0x0a];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
const BLANKS = new Set([0x09, 0x0a, 0x0d, 0x20]);

export interface ArrayElement {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Undefined where there are more than `MOST_RECORD_BYTES`. */
  readonly bytes: Uint8Array | undefined;
}

/** Finds the elements of a JSON array in bytes that come in pieces, and holds one of them. Only strings and brackets are looked at. */
export class ArraySplitter {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #line = 1;
  #startLine = 0;
  #pieces: Buffer[] = [];
  #elementBytes = 0;

  /** Whether the array has its end. */
  get isWhole(): boolean {
    return this.#depth === 0;
  }

  *push(chunk: Buffer): Generator<ArrayElement, void, void> {
    let from = 0;
    for (let place = 0; place < chunk.length; place++) {
      const byte = chunk[place]!;
      if (byte === NEWLINE) this.#line++;
      const isBoundary = this.#isBoundary(byte);
      if (this.#startLine > 0 && isBoundary) {
        this.#keep(chunk.subarray(from, place));
        yield this.#take();
      } else if (this.#startLine === 0 && !isBoundary && this.#isInArray(byte)) {
        this.#startLine = this.#line;
        from = place;
      }
    }
    if (this.#startLine > 0) this.#keep(chunk.subarray(from));
  }

  /** False for the bracket that opens the array, for what is around it, and for blanks between elements. */
  #isInArray(byte: number): boolean {
    const isAround = this.#depth === 0 || (this.#depth === 1 && OPENING.has(byte));
    return !isAround && !BLANKS.has(byte);
  }

  /** A comma between two elements, or the end of the array. */
  #isBoundary(byte: number): boolean {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInString = false;
      return false;
    }
    if (byte === QUOTE) this.#isInString = true;
    else if (OPENING.has(byte)) this.#depth++;
    else if (CLOSING.has(byte)) return --this.#depth === 0;
    return byte === COMMA && this.#depth === 1;
  }

  #keep(piece: Buffer): void {
    this.#elementBytes += piece.length;
    if (this.#elementBytes <= MOST_RECORD_BYTES) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  #take(): ArrayElement {
    const bytes = this.#elementBytes <= MOST_RECORD_BYTES ? Buffer.concat(this.#pieces) : undefined;
    const element = { line: this.#startLine, bytes };
    this.#pieces = [];
    this.#elementBytes = 0;
    this.#startLine = 0;
    return element;
  }
}
