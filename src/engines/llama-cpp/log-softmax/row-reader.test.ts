import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { referenceStatistics } from '../../../../test/fixtures/log-softmax-reference.ts';
import { createRowReader } from './row-reader.ts';

const largestFloat = 3.4028234663852886e38;

/** Compares every method with the reference, within 1e-5 nats (entropy: 1e-4). */
function assertLikeReference(row: Float32Array, target: number): void {
  const reader = createRowReader(row.length);
  const actual = reader.statistics(row, target);
  const expected = referenceStatistics(row, target);
  assertClose(actual.logprob, expected.logprob, 1e-5);
  assertClose(actual.argmaxLogprob, expected.argmaxLogprob, 1e-5);
  assertClose(actual.entropy, expected.entropy, 1e-4);
  assert.ok(Number.isNaN(actual.logprob) || (actual.logprob <= 0 && actual.entropy >= 0));
  assert.equal(actual.rank, expected.rank);
  assert.equal(actual.argmax, expected.argmax);
  assert.equal(reader.logprob(row, target), actual.logprob);
  assert.equal(reader.argmax(row), actual.argmax);
}

function assertClose(actual: number, expected: number, tolerance: number): void {
  // A difference of huge logits is exact in neither, so the bound grows with it.
  const bound = tolerance + Math.abs(expected) * 1e-12;
  const close = Object.is(actual, expected) || Math.abs(actual - expected) <= bound;
  assert.ok(close, `${actual} isn't within ${bound} of ${expected}`);
}

/** Deterministic values in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

const shape = { lengths: fc.integer({ min: 1, max: 5000 }), seed: fc.integer() };

test('agrees with float64 for every length from 1 to 70', () => {
  for (let length = 1; length <= 70; length++) {
    const random = randomFrom(length);
    const row = Float32Array.from({ length }, () => (random() - 0.5) * 40);
    for (let target = 0; target < length; target++) assertLikeReference(row, target);
  }
});

test('agrees with float64 for any logits', () => {
  const logit = fc.oneof(
    fc.float({ min: -30, max: 30, noNaN: true }),
    fc.float({ noNaN: true }),
    fc.constantFrom(-Infinity, -largestFloat, largestFloat, 0, -0, 1),
  );
  fc.assert(
    fc.property(fc.array(logit, { minLength: 1, maxLength: 70 }), fc.nat(), (logits, seed) => {
      assertLikeReference(Float32Array.from(logits), seed % logits.length);
    }),
    { numRuns: 2000 },
  );
});

test('agrees with float64 for rows of any length, spread and shift', () => {
  const spread = fc.constantFrom(0, 1e-3, 1, 5, 25, 200, 1e6);
  const shift = fc.constantFrom(0, -1000, 1000, 1e6);
  fc.assert(
    fc.property(shape.lengths, shape.seed, spread, shift, (length, seed, width, offset) => {
      const random = randomFrom(seed);
      const row = Float32Array.from({ length }, () => (random() - 0.5) * width + offset);
      assertLikeReference(row, (seed >>> 0) % length);
    }),
    { numRuns: 300 },
  );
});

test('agrees with float64 where logits tie', () => {
  fc.assert(
    fc.property(shape.lengths, shape.seed, (length, seed) => {
      const random = randomFrom(seed);
      const row = Float32Array.from({ length }, () => Math.floor(random() * 4) - 2);
      assertLikeReference(row, (seed >>> 0) % length);
    }),
    { numRuns: 300 },
  );
});

test('agrees with float64 for vocabularies of 262,144 tokens and more', () => {
  for (const length of [262_144, 262_143, 300_001]) {
    for (const width of [0, 0.1, 10, 60]) {
      const random = randomFrom(length + width);
      const row = Float32Array.from({ length }, () => (random() - 0.5) * width);
      row[length - 1] = row[0]!;
      assertLikeReference(row, length - 1);
    }
  }
});

test('keeps the sum exact where rounding has a bias: one peak over a flat row', () => {
  for (let distance = 0; distance < 14; distance += 0.37) {
    const row = new Float32Array(262_144).fill(-distance);
    row[777] = 0;
    assertLikeReference(row, 3);
  }
});

test('a token of logit -Infinity has probability zero', () => {
  const row = Float32Array.of(1, -Infinity, 1);
  const { logprob, rank, entropy } = createRowReader(3).statistics(row, 1);
  assert.deepEqual([logprob, rank], [-Infinity, 3]);
  assertClose(entropy, Math.LN2, 1e-5);
});

test('a lone possible token has probability one', () => {
  const row = new Float32Array(1000).fill(-Infinity);
  row[999] = -5;
  const { logprob, argmax, rank, entropy } = createRowReader(1000).statistics(row, 999);
  assert.deepEqual([argmax, rank], [999, 1]);
  assertClose(logprob, 0, 1e-9);
  assertClose(entropy, 0, 1e-9);
});

test('a row that is no distribution gives NaN', () => {
  const none = { logprob: NaN, argmax: NaN, argmaxLogprob: NaN, rank: NaN, entropy: NaN };
  for (const length of [1, 5, 2000]) {
    for (const place of [0, length >> 1, length - 1]) {
      const rows = [NaN, Infinity].map((bad) => new Float32Array(length).fill(1).fill(bad, place, place + 1));
      for (const row of [...rows, new Float32Array(length).fill(-Infinity), new Float32Array(length).fill(NaN)]) {
        const reader = createRowReader(length);
        assert.deepEqual(reader.statistics(row, 0), none);
        assert.equal(reader.logprob(row, 0), NaN);
        assert.equal(reader.argmax(row), NaN);
      }
    }
  }
});

test('one reader reads row after row, and a bad one leaves nothing behind', () => {
  const reader = createRowReader(3);
  const good = Float32Array.of(0, 0, 0);
  const before = reader.logprob(good, 1);
  reader.logprob(Float32Array.of(NaN, 1, Infinity), 1);
  assert.equal(reader.logprob(good, 1), before);
  assertClose(before, -Math.log(3), 1e-6);
});

test('refuses a row of another length and a token outside the vocabulary', () => {
  const reader = createRowReader(4);
  const row = new Float32Array(4);
  for (const length of [0, 3, 5]) assert.throws(() => reader.argmax(new Float32Array(length)), RangeError);
  for (const target of [-1, 4, 1.5, NaN]) {
    assert.throws(() => reader.logprob(row, target), RangeError);
    assert.throws(() => reader.statistics(row, target), RangeError);
  }
});
