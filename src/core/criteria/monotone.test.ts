import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOf } from './all-of.ts';
import { fixedLength } from './fixed-length.ts';
import { meanEntropy } from './mean-entropy.ts';
import { minimumProbability } from './minimum-probability.ts';
import { monotone, monotoneWindow } from './monotone.ts';
import { windowedConfidence } from './windowed-confidence.ts';

test('the window of a criterion over probabilities is noted, and that of a fixed length is 0', () => {
  assert.equal(monotoneWindow(windowedConfidence({ window: 5 })), 5);
  assert.equal(monotoneWindow(minimumProbability({ window: 9 })), 9);
  assert.equal(monotoneWindow(fixedLength(3)), 0);
  assert.equal(fixedLength(3).needsStatistics, false);
});

test('a combination has the largest window of its members, and none where one of them has none', () => {
  assert.equal(monotoneWindow(allOf([fixedLength(3), windowedConfidence({ window: 5 })])), 5);
  assert.equal(monotoneWindow(allOf([windowedConfidence(), meanEntropy()])), undefined);
});

test('nothing is noted of a criterion that may refuse a greater logprob, and nothing of a copy', () => {
  assert.equal(monotoneWindow(meanEntropy()), undefined);
  assert.equal(monotoneWindow(monotone({ ...fixedLength(3) }, undefined)), undefined);
});
