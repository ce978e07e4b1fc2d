import type { DraftPiece } from './draft-writer.ts';
import type { FinishReason } from './language-model.ts';

export interface DraftChunk {
  readonly text: string;
  /** Drafted tokens in it. */
  readonly tokens: number;
  /** Why the draft ended, where it did. */
  readonly end: FinishReason | undefined;
}

export interface DraftChunksOptions {
  /** How many tokens the next chunk has, after so many drafted ones. */
  readonly sizeAfter: (draftedTokens: number) => number;
  /** Read one chunk ahead, while the base scores the last one: for a draft that another device computes. */
  readonly ahead: boolean;
}

/** The draft in chunks, from the stream of its pieces. */
export class DraftChunks {
  readonly #pieces: AsyncGenerator<DraftPiece, FinishReason, void>;
  readonly #options: DraftChunksOptions;
  #draftedTokens = 0;
  #upcoming: Promise<DraftChunk> | undefined;
  #closed = false;

  constructor(pieces: AsyncGenerator<DraftPiece, FinishReason, void>, options: DraftChunksOptions) {
    this.#pieces = pieces;
    this.#options = options;
  }

  /** All tokens that were drafted, those of a chunk under way included. */
  get draftedTokens(): number {
    return this.#draftedTokens;
  }

  async next(): Promise<DraftChunk> {
    const chunk = await (this.#upcoming ?? this.#read());
    this.#upcoming = this.#options.ahead && chunk.end === undefined ? this.#read() : undefined;
    // Its failure is met where it is awaited, or nowhere: what nobody waits for is not missed.
    this.#upcoming?.catch(() => undefined);
    return chunk;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pieces.return('stop');
  }

  /** At least one token, so that a draft always comes to its end. */
  async #read(): Promise<DraftChunk> {
    const size = Math.max(this.#options.sizeAfter(this.#draftedTokens), 1);
    let [text, tokens] = ['', 0];
    do {
      const next = await this.#pieces.next();
      if (next.done) return { text, tokens, end: next.value };
      text += next.value.text;
      tokens++;
      this.#draftedTokens++;
    } while (tokens < size && !this.#closed);
    return { text, tokens, end: undefined };
  }
}
