import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DraftWriter } from '../draft-writer.ts';
import type { LanguageModel } from '../language-model.ts';
import type { Statistics } from '../statistics.ts';
import { anyOf } from './any-of.ts';
import { assertSupported } from './assert-supported.ts';
import { firstChoiceAgreement } from './first-choice-agreement.ts';
import { meanEntropy } from './mean-entropy.ts';
import { windowedConfidence } from './windowed-confidence.ts';

const baseWith = (statistics: Statistics) =>
  ({ id: 'the-base', capabilities: { statistics, prefixReuse: true } }) as LanguageModel;
const draft = { id: 'the-draft' } as DraftWriter;

test('a criterion that needs what the base has is welcome', () => {
  assertSupported(windowedConfidence(), baseWith(false), draft);
  assertSupported(firstChoiceAgreement(), baseWith(['rank', 'firstChoice']), draft);
  assertSupported(anyOf([meanEntropy(), firstChoiceAgreement()]), baseWith(true), draft);
});

test('one that needs more is refused by the name of what is missing', () => {
  const criterion = anyOf([meanEntropy(), firstChoiceAgreement()]);
  assert.throws(() => assertSupported(criterion, baseWith(['rank', 'firstChoice']), draft), {
    name: 'CapabilityError',
    message: /needs the entropy of each token, which the engine of the base the-base does not give/,
  });
});
