import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineSet } from './line-set.ts';

const LINES = 70;
const numbers = fc.array(fc.integer({ min: 1, max: LINES }));

function setOf(lines: readonly number[]): LineSet {
  const set = new LineSet(LINES);
  for (const line of lines) set.add(line);
  return set;
}

function members(set: LineSet): number[] {
  return Array.from({ length: LINES }, (_, index) => index + 1).filter((line) => set.has(line));
}

test('a line set is a set', () => {
  fc.assert(
    fc.property(numbers, (some) => {
      const expected = new Set(some);
      assert.equal(setOf(some).size, expected.size);
      assert.deepEqual(new Set(members(setOf(some))), expected);
    }),
  );
});
