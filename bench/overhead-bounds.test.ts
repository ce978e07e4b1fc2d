import assert from 'node:assert/strict';
import { test } from 'node:test';
import { betterRound, brokenBounds, OVERHEAD_BOUNDS } from './overhead-bounds.ts';
import { notMeasured, toRow } from './row.ts';

const ms = (name: string, value: number) => toRow(name, 'ms', [value]);
const CALM = [ms('bare-first-token', 0.1), ms('bare-token', 0.01)];

test('what is under its bound breaks none', () => {
  assert.deepEqual(brokenBounds([...CALM, ms('gateway-first-token', 1.9), ms('gateway-token', 0.19)]), []);
});

test('what reaches its bound, or was not measured, breaks it', () => {
  assert.deepEqual(brokenBounds([...CALM, ms('gateway-first-token', 2), notMeasured('gateway-token', 'ms', '')]), [
    'gateway-first-token: 2.000 ms, wanted: under 2',
    'gateway-token: not measured, wanted: under 0.2',
  ]);
});

test('where a bare server is slow as well, a multiple of its time is the bound', () => {
  const slow = [ms('bare-first-token', 1), ms('bare-token', 0.1)];
  const { 'first-token': first, token } = OVERHEAD_BOUNDS;
  const added = (part: number) => [
    ms('gateway-first-token', part * first.timesBare),
    ms('gateway-token', (part * token.timesBare) / 10),
  ];
  assert.deepEqual(brokenBounds([...slow, ...added(0.99)]), []);
  assert.deepEqual(brokenBounds([...slow, ...added(1.01)]), [
    'gateway-first-token: 8.080 ms, wanted: under 8',
    'gateway-token: 0.404 ms, wanted: under 0.4',
  ]);
});

test('without the time of a bare server, the bound in ms counts', () => {
  assert.deepEqual(brokenBounds([ms('gateway-first-token', 3), ms('gateway-token', 0.1)]), [
    'gateway-first-token: 3.000 ms, wanted: under 2',
  ]);
});

test('the better of two rounds is told for each bound, with the bare server of that round', () => {
  const first = [
    ms('gateway-first-token', 3),
    ms('bare-first-token', 1),
    ms('gateway-token', 0.3),
    ms('bare-token', 0.01),
  ];
  const second = [
    ms('gateway-first-token', 2.5),
    ms('bare-first-token', 0.1),
    ms('gateway-token', 0.1),
    ms('bare-token', 0.02),
  ];
  assert.deepEqual(betterRound(first, second), [first[0], first[1], second[2], second[3]]);
});
