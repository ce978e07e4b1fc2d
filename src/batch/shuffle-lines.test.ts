import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { shuffleLines } from './shuffle-lines.ts';

function shuffled(count: number, seed: number): number[] {
  const lines = Uint32Array.from({ length: count }, (_, index) => index + 1);
  shuffleLines(lines, seed);
  return [...lines];
}

suite('shuffling lines', () => {
  test('every line stays, once', () => {
    for (const count of [0, 1, 2, 5000]) {
      assert.deepEqual(
        shuffled(count, 7).toSorted((a, b) => a - b),
        Array.from({ length: count }, (_, index) => index + 1),
      );
    }
  });

  test('the seed decides the order, on every machine and in every version', () => {
    assert.deepEqual(shuffled(100, 1), shuffled(100, 1));
    assert.notDeepEqual(shuffled(100, 1), shuffled(100, 2));
    assert.deepEqual(shuffled(8, 42), KNOWN);
  });

  test('every place is as likely as any other', () => {
    const counts = Array.from({ length: 4 }, () => 0);
    for (let seed = 0; seed < 4000; seed++) counts[shuffled(4, seed).indexOf(1)]!++;
    // 1000 each, give or take 4 standard deviations (27.4).
    for (const count of counts) assert.ok(Math.abs(count - 1000) < 110, String(counts));
  });
});

/** What this order was when it was first made; a resumed batch relies on it. */
const KNOWN = [4, 8, 1, 7, 6, 2, 5, 3];
