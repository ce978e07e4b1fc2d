/** Colours, blanks, and signs of scripts that are written without blanks, after which a line may end. */
const PARTS = /(\u001b\[[\d;]*m|\s|[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef])/u;
const ESCAPE = /^\u001b/u;
const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\uff01-\uff60]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /[\p{M}\u200d]/u;

/** Breaks lines between words, of a text that comes in pieces: a word is written once its end is there. */
export class WordWrap {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  #column = 0;
  #word = '';
  #wordColumns = 0;

  /** @param columns of the terminal, which may change */
  constructor(write: (text: string) => void, columns: () => number) {
    this.#write = write;
    this.#columns = columns;
  }

  write(text: string): void {
    for (const part of text.split(PARTS)) this.#push(part);
  }

  /** Writes the word that is held back. */
  flush(): void {
    if (this.#column > 0 && this.#column + this.#wordColumns > this.#columns()) this.#breakLine();
    this.#write(this.#word);
    this.#column += this.#wordColumns;
    if (this.#column > this.#columns()) this.#column %= this.#columns();
    this.#word = '';
    this.#wordColumns = 0;
  }

  #push(part: string): void {
    if (part === '\n') {
      this.flush();
      this.#breakLine();
    } else if (/^\s/u.test(part)) {
      this.flush();
      this.#blank(part);
    } else {
      this.#word += part;
      if (!ESCAPE.test(part)) this.#wordColumns += columnsOf(part);
      // What is longer than a line breaks where it must.
      if (this.#wordColumns >= this.#columns() || (part.length === 1 && PARTS.test(part))) this.flush();
    }
  }

  /** A blank at the end of a line is left out. */
  #blank(blank: string): void {
    if (this.#column >= this.#columns()) return;
    this.#write(blank);
    this.#column += blank === '\t' ? 8 - (this.#column % 8) : 1;
  }

  #breakLine(): void {
    this.#write('\n');
    this.#column = 0;
  }
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const sign of text) columns += NO_WIDTH.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1;
  return columns;
}
