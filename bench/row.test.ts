import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toRow } from './row.ts';

test('the time per token of a response without tokens is no run', () => {
  const { value, runs } = toRow('ratio', 'ratio', [1, Number.NaN, 3, Infinity]);
  assert.deepEqual([value, runs], [2, 2]);
  assert.equal(toRow('ratio', 'ratio', [Number.NaN]).value, null);
});
