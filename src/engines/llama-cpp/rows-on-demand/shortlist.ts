import koffi from 'koffi';
import type { TokenId } from '../../../core/language-model.ts';
import { EngineError } from '../../../core/errors.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { Matrix, MatrixPart } from './matrix.ts';

export interface ShortlistSize {
  /** Tokens from the beginning of the vocabulary. */
  readonly first: number;
  /** Room for tokens that were seen and come later. */
  readonly seen: number;
}

/**
 * The rows of an output matrix that belong to likely tokens: the first ones of the vocabulary, in place, and copies of
 * those of tokens that were seen, of which the oldest make room for new ones.
 */
export class Shortlist {
  /** Most rows of all. */
  readonly rows: number;
  readonly #library: LlamaLibrary;
  readonly #matrix: Matrix;
  readonly #first: number;
  readonly #seenSize: number;
  readonly #context: Pointer;
  readonly #seen: Pointer;
  /** Bytes of the whole matrix, and of the copies. */
  readonly #from: Uint8Array;
  readonly #to: Uint8Array;
  /** Place of a seen token among the copies, the oldest first. */
  readonly #places = new Map<TokenId, number>();
  readonly #tokens: TokenId[] = [];
  readonly #row: Float32Array;

  constructor(library: LlamaLibrary, matrix: Matrix, { first, seen }: ShortlistSize) {
    const { graphs } = library;
    this.#library = library;
    this.#matrix = matrix;
    this.#first = Math.min(first, matrix.rows);
    this.#seenSize = Math.min(seen, matrix.rows);
    this.rows = this.#first + this.#seenSize;
    const context = graphs.init(this.#seenSize * matrix.rowBytes + graphs.tensorOverhead() + 1024);
    if (context === null) {
      throw new EngineError('llama.cpp', 'no-memory', 'There is no memory for a shortlist of tokens: free some.');
    }
    this.#context = context;
    this.#seen = graphs.newTensor2d(context, matrix.type, matrix.columns, this.#seenSize);
    this.#from = new Uint8Array(koffi.view(graphs.dataOf(matrix.tensor), matrix.rows * matrix.rowBytes));
    this.#to = new Uint8Array(koffi.view(graphs.dataOf(this.#seen), this.#seenSize * matrix.rowBytes));
    this.#row = new Float32Array(this.rows);
  }

  /** What to multiply states with. */
  get parts(): MatrixPart[] {
    const { tensor, columns, rowBytes } = this.#matrix;
    const first = { tensor, columns, rowBytes, rows: this.#first };
    return this.#places.size === 0 ? [first] : [first, { ...first, tensor: this.#seen, rows: this.#places.size }];
  }

  /** At most as many tokens as there is room for those seen. */
  include(tokens: readonly TokenId[]): void {
    for (const token of tokens) {
      if (token < this.#first) continue;
      const place = this.#places.get(token) ?? this.#copy(token);
      this.#places.delete(token);
      this.#places.set(token, place);
    }
  }

  includes(token: TokenId): boolean {
    return token < this.#first || this.#places.has(token);
  }

  /** Where an included token is in `row`. */
  place(token: TokenId): number {
    return token < this.#first ? token : this.#first + this.#places.get(token)!;
  }

  token(place: number): TokenId {
    return place < this.#first ? (place as TokenId) : this.#tokens[place - this.#first]!;
  }

  /** The logits of state `index` in the products with `parts`; -Infinity where nothing is. Valid until the next call. */
  row([first, seen]: readonly Float32Array[], index: number): Float32Array {
    const count = this.#places.size;
    this.#row.set(first!.subarray(index * this.#first, (index + 1) * this.#first));
    if (seen) this.#row.set(seen.subarray(index * count, (index + 1) * count), this.#first);
    this.#row.fill(-Infinity, this.#first + count);
    return this.#row;
  }

  close(): void {
    this.#library.graphs.free(this.#context);
  }

  #copy(token: TokenId): number {
    const place = this.#places.size < this.#seenSize ? this.#places.size : this.#dropOldest();
    const { rowBytes } = this.#matrix;
    this.#to.set(this.#from.subarray(token * rowBytes, (token + 1) * rowBytes), place * rowBytes);
    this.#tokens[place] = token;
    return place;
  }

  #dropOldest(): number {
    const [token, place] = this.#places.entries().next().value!;
    this.#places.delete(token);
    return place;
  }
}
