import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { largestIndexes } from './largest-indexes.ts';
import { createRowReader } from './row-reader.ts';

const rows = fc.array(fc.oneof(fc.float({ min: -30, max: 30, noNaN: true }), fc.constantFrom(-Infinity, 0, 1)), {
  minLength: 1,
  maxLength: 60,
});

test('are those that a stable sort puts first, without impossible ones', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 70 }), (values, count) => {
      const row = Float32Array.from(values);
      const sorted = [...row.keys()].filter((i) => row[i] !== -Infinity).sort((a, b) => row[b]! - row[a]! || a - b);
      assert.deepEqual(largestIndexes(row, count), sorted.slice(0, count));
    }),
  );
});

test('the head of a row has the statistics of its tokens', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 12 }), (values, count) => {
      const row = Float32Array.from(values);
      const reader = createRowReader(row.length);
      const { tokens, entropy } = reader.top(row, count);
      if (row.every((value) => value === -Infinity)) return assert.deepEqual(tokens, []);
      assert.deepEqual(
        tokens.map(({ index }) => index),
        largestIndexes(row, count),
      );
      assert.equal(entropy, reader.statistics(row, tokens[0]!.index).entropy);
      for (const { index, logprob } of tokens) assert.ok(Math.abs(logprob - reader.logprob(row, index)) < 1e-5);
    }),
  );
});
