import type { TokenId } from '../../../core/language-model.ts';
import { createRowReader, type RowReader } from '../log-softmax/row-reader.ts';
import type { ComputeLane } from '../native/compute-lane.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { Matrix } from './matrix.ts';
import { MatrixProduct } from './matrix-product.ts';
import { Shortlist, type ShortlistSize } from './shortlist.ts';

export interface ShortlistedRowsParts {
  readonly library: LlamaLibrary;
  readonly lane: ComputeLane;
  readonly backend: Pointer;
  readonly matrix: Matrix;
  /** Most states at once. */
  readonly states: number;
}

/** Rows of logits of shortlisted tokens only. All methods but `includes` are to be called in a turn. */
export class ShortlistedRows {
  readonly #shortlist: Shortlist;
  readonly #product: MatrixProduct;
  readonly #reader: RowReader;

  constructor({ library, lane, backend, matrix, states }: ShortlistedRowsParts, size: ShortlistSize) {
    this.#shortlist = new Shortlist(library, matrix, size);
    const { rows } = this.#shortlist;
    const { columns, step } = matrix;
    try {
      this.#reader = createRowReader(rows);
      this.#product = new MatrixProduct(library, lane, backend, { columns, rows, states, step, matrices: 2 });
    } catch (error) {
      this.#shortlist.close();
      throw error;
    }
  }

  includes(token: TokenId): boolean {
    return this.#shortlist.includes(token);
  }

  include(tokens: readonly TokenId[]): void {
    this.#shortlist.include(tokens);
  }

  /** ln P of each state's token if there were only shortlisted ones, of which it becomes one; NaN as in `RowReader`. */
  async logprobs(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]> {
    this.include(tokens);
    const products = await this.#product.compute(this.#shortlist.parts, states);
    return tokens.map((token, i) =>
      this.#reader.logprob(this.#shortlist.row(products, i), this.#shortlist.place(token)),
    );
  }

  /** The most likely of the shortlisted tokens; undefined where logits are no numbers. */
  async firstChoices(states: readonly Float32Array[]): Promise<(TokenId | undefined)[]> {
    const products = await this.#product.compute(this.#shortlist.parts, states);
    return states.map((_, i) => {
      const place = this.#reader.argmax(this.#shortlist.row(products, i));
      return Number.isNaN(place) ? undefined : this.#shortlist.token(place);
    });
  }

  close(): void {
    this.#product.close();
    this.#shortlist.close();
  }
}
