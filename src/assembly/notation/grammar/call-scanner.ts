import { ConfigError } from '../../../core/errors.ts';

/** A piece of a text of the grammar; `at` is its first character, from 0. */
export interface Piece {
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const NAME = /[A-Za-z]\w*(?:-[A-Za-z]\w*)*/y;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y;
const SIGN = /[(),=]/y;
const BLANK = /\s*/y;

/** Texts may come from strangers. The longest sensible ones are far below. */
const LONGEST = 1000;

/** Reads a text such as `confidence(window=6)` piece by piece, and says where something is wrong. */
export class CallScanner {
  readonly #subject: string;
  readonly #text: string;
  #next: Piece;

  /**
   * @param subject what the text is, in a word: `criterion`
   * @throws ConfigError `bad-SUBJECT`, here and from each method
   */
  constructor(text: string, subject: string) {
    this.#subject = subject;
    this.#text = text;
    if (text.length > LONGEST)
      this.#refuse(`has ${text.length} characters, at most ${LONGEST} are allowed: shorten it`);
    this.#next = this.#read(0);
  }

  get next(): Piece {
    return this.#next;
  }

  take(): Piece {
    const piece = this.#next;
    if (piece.kind !== 'end') this.#next = this.#read(piece.at + piece.text.length);
    return piece;
  }

  /** Takes the sign if it comes next. */
  skip(sign: '(' | ')' | ',' | '='): boolean {
    const found = this.#next.kind === 'sign' && this.#next.text === sign;
    if (found) this.take();
    return found;
  }

  /** @param reason begins in lower case and says what is allowed; without a full stop */
  fail(reason: string, at: number = this.#next.at, cause?: unknown): never {
    const shown = this.#text.length > 80 ? `${this.#text.slice(0, 80)}…` : this.#text;
    this.#refuse(`${JSON.stringify(shown)} is wrong at character ${at + 1}: ${reason}`, cause);
  }

  #refuse(complaint: string, cause?: unknown): never {
    throw new ConfigError(`bad-${this.#subject}`, `The ${this.#subject} ${complaint}.`, { cause });
  }

  #read(from: number): Piece {
    const at = from + match(BLANK, this.#text, from)!.length;
    if (at === this.#text.length) return { kind: 'end', text: '', at };
    for (const [kind, pattern] of [
      ['name', NAME],
      ['number', NUMBER],
      ['sign', SIGN],
    ] as const) {
      const text = match(pattern, this.#text, at);
      if (text !== undefined) return { kind, text, at };
    }
    const character = String.fromCodePoint(this.#text.codePointAt(at)!);
    return this.fail(
      `${JSON.stringify(character)} begins no name and no number; allowed are names, numbers, ( ) , =`,
      at,
    );
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
