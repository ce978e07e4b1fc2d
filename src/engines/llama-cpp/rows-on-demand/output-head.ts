import type { TokenId } from '../../../core/language-model.ts';
import { notNumbers } from '../failures.ts';
import type { LlamaContext } from '../llama-context.ts';
import type { RowReader } from '../log-softmax/row-reader.ts';
import type { ComputeLane } from '../native/compute-lane.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { Matrix } from './matrix.ts';
import { filledUp, MatrixProduct } from './matrix-product.ts';
import type { ShortlistSize } from './shortlist.ts';
import { ShortlistedRows } from './shortlisted-rows.ts';

/** Most states that are made logits of at once: a row of 262,144 logits is 1 MiB. */
const STATES_AT_ONCE = 32;
/** A bound is this much larger than what the shortlist gives: kernels may round a logit otherwise beside other rows. */
const ROUNDING_NATS = 1e-3;
/**
 * Vocabularies put what is common first: byte-pair merges are numbered by how often they were found. A bound is close
 * with fewer tokens than it takes for the first choice to be among them.
 */
const USUAL_SIZES: ShortlistSizes = {
  bounds: { first: 16_384, seen: 2048 },
  choices: { first: 24_576, seen: 2048 },
};

export interface ShortlistSizes {
  readonly bounds: ShortlistSize;
  readonly choices: ShortlistSize;
}

export interface OutputHeadParts {
  /** The model's. */
  readonly id: string;
  readonly library: LlamaLibrary;
  readonly lane: ComputeLane;
  /** See `openBackend`; the head closes it. */
  readonly backend: Pointer;
  readonly context: LlamaContext;
  readonly matrix: Matrix;
  /** Of the model's parameters, how many are the matrix's: 0 to 1. */
  readonly share: number;
  /** Reads whole rows. */
  readonly rows: RowReader;
  /** Tokens that the shortlists have from the start, beside the first ones of the vocabulary. */
  readonly common: readonly TokenId[];
  /** Default: the usual ones. */
  readonly shortlists?: ShortlistSizes | undefined;
}

/**
 * What llama.cpp does last in a forward pass, done apart from it: states become logits. So only those rows need be
 * computed that are looked at; and a product with a small part of the matrix, a shortlist of likely tokens, bounds every
 * probability from above, since the softmax over fewer tokens leaves more for each of them, and guesses the first choice.
 *
 * All methods but `canGuess` are to be called in a turn.
 */
export class OutputHead {
  readonly #parts: OutputHeadParts;
  readonly #product: MatrixProduct;
  readonly #bounds: ShortlistedRows;
  readonly #choices: ShortlistedRows;
  readonly #opened: { close(): void }[] = [];

  /** @throws EngineError without memory; the backend is closed then */
  constructor(parts: OutputHeadParts) {
    this.#parts = parts;
    const { library, lane, backend, matrix, shortlists = USUAL_SIZES } = parts;
    const { columns, rows, step } = matrix;
    const states = STATES_AT_ONCE;
    this.#opened.push({ close: () => library.graphs.closeBackend(backend) });
    try {
      const size = { columns, rows, states, step, matrices: 1 };
      this.#product = this.#opening(new MatrixProduct(library, lane, backend, size));
      this.#bounds = this.#opening(new ShortlistedRows({ ...parts, states }, shortlists.bounds));
      this.#choices = this.#opening(new ShortlistedRows({ ...parts, states }, shortlists.choices));
    } catch (error) {
      this.close();
      throw error;
    }
    this.#bounds.include(parts.common);
    this.#choices.include(parts.common);
  }

  get isMostOfAPass(): boolean {
    return this.#parts.share > 0.5;
  }

  /** As many states as fill what is multiplied at a time. */
  get step(): number {
    return this.#parts.matrix.step;
  }

  isFasterFor(rows: number): boolean {
    return filledUp(rows, this.step) > rows;
  }

  /** Writes the rows of logits that the last pass, which gave states, has left out. */
  async completeRows(indexes: readonly number[]): Promise<void> {
    const { context } = this.#parts;
    const states = indexes.map((index) => context.state(index));
    await this.#eachRow(states, (row, i) => context.row(indexes[i]!).set(row));
  }

  /** For each state an upper bound of the natural log of its token's probability, ≤ 0. */
  async bounds(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]> {
    const bounds: number[] = [];
    for (const group of groupsOf(states)) {
      bounds.push(...(await this.#bounds.logprobs(group, tokens.slice(bounds.length, bounds.length + group.length))));
    }
    if (bounds.some(Number.isNaN)) throw notNumbers(this.#parts.id);
    return bounds.map((bound) => Math.min(bound + ROUNDING_NATS, 0));
  }

  /** For each state ln P of its token. */
  async logprobs(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]> {
    const { rows } = this.#parts;
    const logprobs: number[] = [];
    await this.#eachRow(states, (row, i) => void logprobs.push(rows.logprob(row, tokens[i]!)));
    if (logprobs.some(Number.isNaN)) throw notNumbers(this.#parts.id);
    return logprobs;
  }

  /** For each state the most likely token, the lowest id of equals; undefined where its logits are no numbers. */
  async firstChoices(states: readonly Float32Array[]): Promise<(TokenId | undefined)[]> {
    const { rows } = this.#parts;
    const choices: (TokenId | undefined)[] = [];
    await this.#eachRow(states, (row) => {
      const choice = rows.argmax(row);
      choices.push(Number.isNaN(choice) ? undefined : (choice as TokenId));
    });
    return choices;
  }

  /** For each state a guess at its first choice; undefined where its logits are no numbers. */
  async likelyChoices(states: readonly Float32Array[]): Promise<(TokenId | undefined)[]> {
    const choices: (TokenId | undefined)[] = [];
    for (const group of groupsOf(states)) choices.push(...(await this.#choices.firstChoices(group)));
    return choices;
  }

  /** Whether a guess can be this token. */
  canGuess(token: TokenId): boolean {
    return this.#choices.includes(token);
  }

  /** Guesses can be these tokens from now on, until as many others as there is room for were expected. */
  expect(tokens: readonly TokenId[]): void {
    this.#choices.include(tokens);
  }

  close(): void {
    for (const part of this.#opened.toReversed()) part.close();
  }

  #opening<T extends { close(): void }>(part: T): T {
    this.#opened.push(part);
    return part;
  }

  async #eachRow(states: readonly Float32Array[], use: (row: Float32Array, index: number) => void): Promise<void> {
    const { matrix } = this.#parts;
    for (const [g, group] of groupsOf(states).entries()) {
      const [logits] = await this.#product.compute([matrix], group);
      for (const i of group.keys()) {
        use(logits!.subarray(i * matrix.rows, (i + 1) * matrix.rows), g * STATES_AT_ONCE + i);
      }
    }
  }
}

function groupsOf<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / STATES_AT_ONCE) }, (_, i) =>
    list.slice(i * STATES_AT_ONCE, (i + 1) * STATES_AT_ONCE),
  );
}
