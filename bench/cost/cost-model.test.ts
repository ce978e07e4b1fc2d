import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunkedSchedule, type PairCosts, predictRatio, referenceSchedule } from './cost-model.ts';
import { interpolatePasses } from './interpolate.ts';

const costs: PairCosts = {
  draftPromptMs: 0,
  basePromptMs: 0,
  draftMsPerToken: 10,
  baseMsPerToken: 20,
  scoreMs: (tokens) => 5 * tokens,
  baseTokensPerDraftToken: 1,
};

test('chunks of 12, 16, 16, … are drafted until k tokens are scored', () => {
  assert.deepEqual(chunkedSchedule(11, costs), { drafted: 12, scored: 11, scoreMs: 55 });
  assert.deepEqual(chunkedSchedule(12, costs), { drafted: 28, scored: 27, scoreMs: 135 });
  assert.deepEqual(chunkedSchedule(28, costs), { drafted: 44, scored: 43, scoreMs: 215 });
});

test('the reference schedule drafts all there is to draft, whatever k is', () => {
  assert.deepEqual(referenceSchedule(512, costs), { drafted: 512, scored: 512, scoreMs: 2560 });
});

test('the ratio is the sum of the terms over the base alone', () => {
  // 28 drafted, 27 scored, 88 of 100 written by the base.
  assert.equal(predictRatio(12, 100, chunkedSchedule(12, costs), costs), (28 * 10 + 27 * 5 + 88 * 20) / (100 * 20));
  const prompts = { ...costs, draftPromptMs: 30, basePromptMs: 50 };
  const expected = (30 + 28 * 10 + 50 + 27 * 5 + 88 * 20) / (50 + 100 * 20);
  assert.equal(predictRatio(12, 100, chunkedSchedule(12, prompts), prompts), expected);
});

test('a draft that costs nothing saves the tokens it keeps; a longer one never costs less to write', () => {
  const free = { ...costs, draftMsPerToken: 0, scoreMs: () => 0 };
  const k = fc.integer({ min: 1, max: 256 });
  fc.assert(
    fc.property(k, k, (one, other) => {
      assert.equal(predictRatio(one, 512, chunkedSchedule(one, free), free), (512 - one) / 512);
      const [short, long] = [Math.min(one, other), Math.max(one, other)];
      assert.ok(chunkedSchedule(short, costs).drafted <= chunkedSchedule(long, costs).drafted);
      assert.ok(chunkedSchedule(one, costs).scored >= one);
    }),
  );
});

test('between two measured passes lies a line, beyond the largest there are several', () => {
  const scoreMs = interpolatePasses([
    { tokens: 8, ms: 40 },
    { tokens: 16, ms: 60 },
    { tokens: 32, ms: 100 },
  ]);
  assert.equal(scoreMs(3), 40);
  assert.equal(scoreMs(8), 40);
  assert.equal(scoreMs(12), 50);
  assert.equal(scoreMs(32), 100);
  assert.equal(scoreMs(64), 200);
  assert.equal(scoreMs(40), 140);
  assert.equal(scoreMs(0), 0);
});
