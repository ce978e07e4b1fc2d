import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenBounds } from './overhead-bounds.ts';
import { notMeasured, toRow } from './row.ts';

test('what is under its bound breaks none', () => {
  assert.deepEqual(brokenBounds([toRow('gateway-first-token', 'ms', [1.9]), toRow('gateway-token', 'ms', [0.19])]), []);
});

test('what reaches its bound, or was not measured, breaks it', () => {
  assert.deepEqual(brokenBounds([toRow('gateway-first-token', 'ms', [2]), notMeasured('gateway-token', 'ms', '')]), [
    'gateway-first-token: 2.000 ms, wanted: under 2',
    'gateway-token: not measured, wanted: under 0.2',
  ]);
});
