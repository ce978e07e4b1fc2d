import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import koffi from 'koffi';
import { ComputeLane } from '../native/compute-lane.ts';
import { F32 } from '../native/graph-functions.ts';
import { openLibrary } from '../native/llama-library.ts';
import { filledUp, MatrixProduct } from './matrix-product.ts';

const [COLUMNS, ROWS, STATES] = [8, 5, 10];

suite('a matrix product', () => {
  const library = openLibrary();
  const { graphs } = library;
  const lane = new ComputeLane(library, 1);
  const backend = graphs.openBackend(1, lane.threadpool!)!;
  const context = graphs.init(64 * 1024)!;
  const tensor = graphs.newTensor2d(context, F32, COLUMNS, ROWS);
  const weights = new Float32Array(koffi.view(graphs.dataOf(tensor), 4 * COLUMNS * ROWS));
  weights.set(weights.map((_, i) => (i % 7) - 3));
  after(async () => {
    graphs.closeBackend(backend);
    graphs.free(context);
    await lane.close();
  });

  for (const step of [1, 4]) {
    test(`of one state to ${STATES}, ${step} at a time`, async () => {
      const size = { columns: COLUMNS, rows: ROWS, states: STATES, matrices: 1, step };
      const product = new MatrixProduct(library, lane, backend, size);
      const all = Array.from({ length: STATES }, (_, s) => Float32Array.from({ length: COLUMNS }, (_, c) => s - c));
      // From many to few: what was there before is no part of what comes.
      for (let count = STATES; count > 0; count--) {
        const states = all.slice(0, count);
        const [given] = await product.compute(
          [{ tensor, columns: COLUMNS, rows: ROWS, rowBytes: 4 * COLUMNS }],
          states,
        );
        assert.deepEqual(
          [...given!],
          states.flatMap((state) => rowsOf(weights).map((row) => dot(row, state))),
        );
      }
      product.close();
    });
  }

  test('is filled up to a whole step, but for less than one', () => {
    assert.deepEqual(
      [1, 3, 4, 5, 8, 9].map((states) => filledUp(states, 4)),
      [1, 3, 4, 8, 8, 12],
    );
    assert.equal(filledUp(7, 1), 7);
  });
});

function rowsOf(weights: Float32Array): Float32Array[] {
  return Array.from({ length: ROWS }, (_, row) => weights.subarray(row * COLUMNS, (row + 1) * COLUMNS));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
