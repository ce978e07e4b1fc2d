import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAPER_PAIR_ON_GPUS, paperPairScoringAs, predictPaperPair, switchFor } from './paper-pair.ts';

test('a draft at the paper’s proportions pays for itself in both schedules, and more in chunks', () => {
  const { chunked, reference } = predictPaperPair(PAPER_PAIR_ON_GPUS, 128, 512);
  assert.ok(chunked < reference && reference < 1);
  // 512 · 3.2 / 70.6 drafted, 512 / 150 scored, both prompts, 384 of 512 written by the base.
  const expected = (513 * (3.2 / 70.6) + 1 + 512 / 150 + 384) / 513;
  assert.ok(Math.abs(reference - expected) < 1e-12);
});

test('the k for a ratio is the first that reaches it', () => {
  const k = switchFor(0.84, 512, PAPER_PAIR_ON_GPUS)!;
  assert.ok(predictPaperPair(PAPER_PAIR_ON_GPUS, k, 512).reference <= 0.84);
  assert.ok(predictPaperPair(PAPER_PAIR_ON_GPUS, k - 1, 512).reference > 0.84);
  assert.equal(switchFor(0, 512, PAPER_PAIR_ON_GPUS), undefined);
});

test('measured scoring is put in units of a base token', () => {
  const measured = { ...PAPER_PAIR_ON_GPUS, baseMsPerToken: 50, basePromptMs: 100, scoreMs: (n: number) => 25 * n };
  const costs = paperPairScoringAs(measured);
  assert.equal(costs.scoreMs(8), 4);
  assert.equal(costs.basePromptMs, 2);
  assert.equal(costs.baseMsPerToken, 1);
});
