import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunkSchedule } from './chunk-schedule.ts';

/** Drafted tokens at each scoring of a draft that ends at `end`. */
function scorings(options: Parameters<typeof chunkSchedule>[0], end: number): number[] {
  const next = chunkSchedule(options);
  const at: number[] = [];
  for (let drafted = 0; drafted < end;) {
    const size = next(drafted);
    assert.ok(Number.isInteger(size) && size >= 1);
    drafted = Math.min(drafted + size, end);
    at.push(drafted);
  }
  return at;
}

test('with a reused prefix, chunks have 12 tokens, then 16', () => {
  const options = { prefixReuse: true, promptTokens: 50, maxDraftTokens: 512 };
  assert.deepEqual(scorings(options, 60), [12, 28, 44, 60]);
});

test('without, what is read doubles, and the rest is one chunk', () => {
  const options = { prefixReuse: false, promptTokens: 20, maxDraftTokens: 512 };
  assert.deepEqual(scorings(options, 512), [16, 52, 124, 512]);
  assert.deepEqual(scorings({ ...options, promptTokens: 2000 }, 512), [16, 512]);
});

test('without, all scorings read less than twice what one scoring of the longest draft reads', () => {
  const count = fc.integer({ min: 1, max: 5000 });
  fc.assert(
    fc.property(
      count,
      fc.integer({ min: 1, max: 2048 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (promptTokens, maxDraftTokens, share) => {
        const end = Math.ceil(maxDraftTokens * share);
        const read = scorings({ prefixReuse: false, promptTokens, maxDraftTokens }, end)
          .map((drafted) => promptTokens + drafted)
          .reduce((sum, tokens) => sum + tokens, 0);
        assert.ok(read < 2 * (promptTokens + maxDraftTokens), `${read} tokens`);
      },
    ),
    { numRuns: 2000 },
  );
});
