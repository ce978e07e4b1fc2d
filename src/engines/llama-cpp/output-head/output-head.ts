import type { TokenId } from '../../../core/language-model.ts';
import { notNumbers } from '../failures.ts';
import type { LlamaContext } from '../llama-context.ts';
import { createRowReader, type RowReader } from '../log-softmax/row-reader.ts';
import type { ComputeLane } from '../native/compute-lane.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { Matrix } from './matrix.ts';
import { MatrixProduct } from './matrix-product.ts';
import { Shortlist, type ShortlistSize } from './shortlist.ts';

/** Most states that are made logits of at once: a row of 262,144 logits is 1 MiB. */
const STATES_AT_ONCE = 16;
/** A bound is this much larger than what the shortlist gives: kernels may round a logit otherwise beside other rows. */
const ROUNDING_NATS = 1e-3;

export interface OutputHeadParts {
  readonly library: LlamaLibrary;
  readonly lane: ComputeLane;
  /** See `openBackend`; the head closes it. */
  readonly backend: Pointer;
  readonly context: LlamaContext;
  readonly matrix: Matrix;
  /** Reads whole rows. */
  readonly rows: RowReader;
  /** Tokens that the shortlist has from the start, beside the first ones of the vocabulary. */
  readonly common: readonly TokenId[];
  /** Default: the usual one. */
  readonly shortlistSize?: ShortlistSize;
}

/**
 * What llama.cpp does last in a forward pass, done apart from it: states become logits. So only those rows need be
 * computed that are looked at; and a product with a small part of the matrix, the shortlist of common tokens, bounds
 * every probability from above, since the softmax over fewer tokens leaves more for each of them.
 */
export class OutputHead {
  readonly #parts: OutputHeadParts;
  readonly #whole: MatrixProduct;
  readonly #part: MatrixProduct;
  readonly #shortlist: Shortlist;
  readonly #shortRows: RowReader;

  constructor(parts: OutputHeadParts) {
    const { library, lane, backend, matrix, shortlistSize } = parts;
    this.#parts = parts;
    this.#shortlist = new Shortlist(library, matrix, shortlistSize);
    this.#shortlist.include(parts.common);
    const { columns, rows } = matrix;
    const size = { columns, states: STATES_AT_ONCE };
    this.#whole = new MatrixProduct(library, lane, backend, { ...size, rows, matrices: 1 });
    this.#part = new MatrixProduct(library, lane, backend, { ...size, rows: this.#shortlist.rows, matrices: 2 });
    this.#shortRows = createRowReader(this.#shortlist.rows);
  }

  /** Writes the rows of logits that the last pass, which gave states, has left out. To be called in a turn. */
  async completeRows(indexes: readonly number[]): Promise<void> {
    const { context } = this.#parts;
    for (const group of groupsOf(indexes)) {
      await this.#eachRow(
        group.map((index) => context.state(index)),
        (row, i) => context.row(group[i]!).set(row),
      );
    }
  }

  /** For each state an upper bound of the natural log of its token's probability, ≤ 0. To be called in a turn. */
  async bounds(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]> {
    const bounds: number[] = [];
    for (const [g, group] of groupsOf(states).entries()) {
      const wanted = tokens.slice(g * STATES_AT_ONCE, g * STATES_AT_ONCE + group.length);
      this.#shortlist.include(wanted);
      const products = await this.#part.compute(this.#shortlist.parts, group);
      for (const [i, token] of wanted.entries()) {
        const row = this.#shortlist.row(products, i);
        const logprob = this.#shortRows.logprob(row, this.#shortlist.place(token));
        if (Number.isNaN(logprob)) throw notNumbers();
        bounds.push(Math.min(logprob + ROUNDING_NATS, 0));
      }
    }
    return bounds;
  }

  /** For each state ln P of its token. To be called in a turn. */
  async logprobs(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]> {
    const { rows } = this.#parts;
    const logprobs: number[] = [];
    for (const group of groupsOf(states)) {
      await this.#eachRow(group, (row) => void logprobs.push(rows.logprob(row, tokens[logprobs.length]!)));
    }
    if (logprobs.some(Number.isNaN)) throw notNumbers();
    return logprobs;
  }

  close(): void {
    this.#whole.close();
    this.#part.close();
    this.#shortlist.close();
    this.#parts.library.graphs.closeBackend(this.#parts.backend);
  }

  async #eachRow(states: readonly Float32Array[], use: (row: Float32Array, index: number) => void): Promise<void> {
    const { matrix } = this.#parts;
    const [logits] = await this.#whole.compute([matrix], states);
    for (const i of states.keys()) use(logits!.subarray(i * matrix.rows, (i + 1) * matrix.rows), i);
  }
}

function groupsOf<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / STATES_AT_ONCE) }, (_, i) =>
    list.slice(i * STATES_AT_ONCE, (i + 1) * STATES_AT_ONCE),
  );
}
