import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodeTrace } from '../../core/decode-trace.ts';
import { compareTable } from './compare-table.ts';

test('the time over that of the base is told where both wrote something', () => {
  const rows = tableOf({ base: 10, draft: 20, wsd: 0 });
  assert.deepEqual(rows, [
    ['', 'tokens', 'tokens/s', 'time/base', 'switch'],
    ['base', '10', '10.0', '1.00'],
    ['draft', '20', '20.0', '0.50'],
    ['wsd', '0'],
  ]);
  assert.deepEqual(tableOf({ base: 0, draft: 20, wsd: 0 }).slice(1), [
    ['base', '0'],
    ['draft', '20', '20.0'],
    ['wsd', '0'],
  ]);
});

/** The cells of the table for strategies that wrote so many tokens in a second. */
function tableOf(tokens: Readonly<Record<string, number>>): string[][] {
  const traces = Object.entries(tokens).map(([strategy, baseTokens]): DecodeTrace => ({
    text: '',
    strategy,
    models: {},
    switch: undefined,
    tokens: [],
    finishReason: 'stop',
    usage: { promptTokens: 1, draftTokens: 0, keptDraftTokens: 0, baseTokens, totalTokens: 1 + baseTokens },
    timings: { firstTokenMs: undefined, draftMs: 0, scoreMs: 0, baseMs: 0, totalMs: 1000 },
  }));
  return compareTable(traces)
    .split('\n')
    .map((line) => line.split(/ {2,}/));
}
