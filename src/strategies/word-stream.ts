import type { DraftPiece } from '../core/draft-writer.ts';
import type { FinishReason } from '../core/language-model.ts';

/** The words of a text while it is written. A word has the blanks before it, so all of them join to the text. */
export class WordStream {
  readonly #pieces: AsyncGenerator<DraftPiece, FinishReason, void>;
  #text = '';
  #end: FinishReason | undefined;
  #isFirst = true;

  constructor(pieces: AsyncGenerator<DraftPiece, FinishReason, void>) {
    this.#pieces = pieces;
  }

  /**
   * The next word, once what follows it is known; undefined after the last one. What a limit cut may be half a word, and
   * is given only where it is all there is.
   */
  async next(): Promise<string | undefined> {
    for (;;) {
      const length = this.#wordLength();
      if (length > 0) {
        const word = this.#text.slice(0, length);
        this.#text = this.#text.slice(length);
        this.#isFirst = false;
        return word;
      }
      if (this.#end !== undefined) return undefined;
      await this.#read();
    }
  }

  /** True once the writer ended its turn, and not at a limit. */
  get ended(): boolean {
    return this.#end === 'stop';
  }

  async close(): Promise<void> {
    await this.#pieces.return('stop');
  }

  /** Up to the blank after the first word; at the end, all there is. */
  #wordLength(): number {
    const start = this.#text.length - this.#text.trimStart().length;
    const length = this.#text.slice(start).search(/\s/u);
    if (length !== -1) return start + length;
    const isWhole = this.#end === 'stop' || (this.#end === 'length' && this.#isFirst);
    return isWhole ? this.#text.length : 0;
  }

  async #read(): Promise<void> {
    const next = await this.#pieces.next();
    if (next.done) {
      this.#end = next.value;
      return;
    }
    this.#text += next.value.text;
  }
}
