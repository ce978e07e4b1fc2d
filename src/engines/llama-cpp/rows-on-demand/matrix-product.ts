import { settingName } from '../../../core/setting-name.ts';
import { EngineError } from '../../../core/errors.ts';
import type { ComputeLane } from '../native/compute-lane.ts';
import { FloatViews } from '../native/float-views.ts';
import { F32 } from '../native/graph-functions.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { MatrixPart } from './matrix.ts';

/** ggml puts tensors at multiples of this. */
const ALIGNMENT = 64;

/** Products of matrices with hidden states, with llama.cpp's own kernels, on the lane's threads. */
export class MatrixProduct {
  readonly #library: LlamaLibrary;
  readonly #lane: ComputeLane;
  readonly #backend: Pointer;
  readonly #context: Pointer;
  readonly #step: number;
  readonly #views = new FloatViews();

  /**
   * @param backend see `openBackend`
   * @param states most states at once
   * @param rows of all matrices together
   * @param step see `Matrix`
   */
  constructor(
    library: LlamaLibrary,
    lane: ComputeLane,
    backend: Pointer,
    size: {
      readonly columns: number;
      readonly rows: number;
      readonly states: number;
      readonly matrices: number;
      readonly step: number;
    },
  ) {
    this.#library = library;
    this.#lane = lane;
    this.#backend = backend;
    const { tensorOverhead, graphOverhead, init } = library.graphs;
    const data = 4 * filledUp(size.states, size.step) * (size.columns + size.rows);
    const headers = tensorOverhead() + ALIGNMENT;
    const context = init(data + (1 + 2 * size.matrices) * headers + graphOverhead() + 1024);
    if (context === null) {
      throw new EngineError(
        'llama.cpp',
        'no-memory',
        `There is no memory for logits: lower ${settingName('context')}.`,
      );
    }
    this.#context = context;
    this.#step = size.step;
  }

  /**
   * To be called in a turn of the lane.
   *
   * @returns for each matrix [states × rows] floats, valid until the next call
   */
  async compute(parts: readonly MatrixPart[], states: readonly Float32Array[]): Promise<Float32Array[]> {
    const { graphs } = this.#library;
    const context = this.#context;
    graphs.reset(context);
    const { columns } = parts[0]!;
    const count = filledUp(states.length, this.#step);
    const vectors = graphs.newTensor2d(context, F32, columns, count);
    const vectorData = this.#views.at(graphs.dataOf(vectors), columns * count);
    for (const [i, state] of states.entries()) vectorData.set(state, i * columns);
    vectorData.fill(0, columns * states.length);
    const graph = graphs.newGraph(context);
    const products = parts.map(({ tensor, rows, rowBytes }) => {
      const matrix = graphs.view2d(context, tensor, columns, rows, rowBytes, 0);
      const product = graphs.multiply(context, matrix, vectors);
      graphs.expand(graph, product);
      return this.#views.at(graphs.dataOf(product), rows * states.length);
    });
    const { code } = await this.#lane.compute({ kind: 'graph', backend: this.#backend, graph });
    if (code !== 0)
      throw new EngineError('llama.cpp', 'graph-failed', `llama.cpp could not compute logits (code ${code}).`);
    return products;
  }

  close(): void {
    this.#library.graphs.free(this.#context);
  }
}

/** How many states are multiplied where so many are to be: what is left over of a step would take longer than a whole one. */
export function filledUp(states: number, step: number): number {
  return states <= step ? states : Math.ceil(states / step) * step;
}
