import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { productsOn } from './device-product.ts';
import { openLibrary } from './llama-library.ts';
import { sampleProblem } from './sample-problem.ts';

const { location } = openLibrary();

suite('the sample', () => {
  const changed = (change: (result: Float32Array) => Float32Array | undefined) =>
    sampleProblem((products) => productsOn(location, 'CPU', products).map((result) => change(result!)));

  test('is computed right by the processor', () => {
    assert.equal(
      changed((result) => result),
      undefined,
    );
  });

  test('allows what half precision rounds', () => {
    assert.equal(
      changed((result) => result.map((value) => value * (1 + 2 ** -10))),
      undefined,
    );
  });

  test('tells wrong numbers', () => {
    for (const wrong of [
      (result: Float32Array) => result.map(() => 0),
      (result: Float32Array) => result.map((value) => 1.05 * value),
      (result: Float32Array) => result.map((value, i) => (i === 5 ? NaN : value)),
      (result: Float32Array) => result.toReversed(),
    ]) {
      assert.equal(changed(wrong), 'computes wrong numbers');
    }
  });

  test('tells a device that refuses', () => {
    assert.equal(
      changed(() => undefined),
      'refuses to compute',
    );
    assert.equal(
      sampleProblem((products) => productsOn(location, 'NONE0', products)),
      'refuses to compute',
    );
  });
});
