import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BoundedDetector } from './bounded-detector.ts';
import { afterTokens } from './criteria/after-tokens.ts';
import { allOf } from './criteria/all-of.ts';
import { anyOf } from './criteria/any-of.ts';
import { always, never } from './criteria/constant-criteria.ts';
import { fixedLength } from './criteria/fixed-length.ts';
import { meanProbability } from './criteria/mean-probability.ts';
import { minimumProbability } from './criteria/minimum-probability.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import type { LanguageModel, TokenId, TokenScore } from './language-model.ts';
import type { SwitchCriterion } from './switch-criterion.ts';

const BYTES = new Uint8Array();

/** A base whose bounds are known to be exact up to `slack` nats. */
function bounding(logprobs: readonly number[], slack: readonly number[]) {
  const asked: number[] = [];
  const scores = logprobs.map((logprob, i): TokenScore => ({
    token: i as TokenId,
    logprob: Math.min(logprob + slack[i]!, 0),
    isBound: true,
  }));
  const base = {
    exact(bounds: readonly TokenScore[]) {
      for (const bound of bounds) assert.ok(scores.includes(bound), 'not the object that the base gave');
      asked.push(...bounds.map(({ token }) => token));
      return Promise.resolve(bounds.map(({ token }) => ({ token, logprob: logprobs[token]! })));
    },
  } as Partial<LanguageModel> as LanguageModel;
  return { base, scores, asked };
}

/** Where the criterion accepts, if it does. */
async function switchWith(criterion: SwitchCriterion, scores: readonly TokenScore[], base: LanguageModel) {
  const detector = new BoundedDetector(criterion, base);
  for (const [i, score] of scores.entries()) {
    const { verdict, score: judged } = await detector.push(score, BYTES);
    if (verdict.accept) return { index: i, value: verdict.value, last: judged };
  }
  return undefined;
}

const criterion: fc.Arbitrary<SwitchCriterion> = fc.letrec<{ any: SwitchCriterion; one: SwitchCriterion }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    tie('one'),
    fc.array(tie('one'), { minLength: 1, maxLength: 3 }).map(allOf),
    fc.array(tie('one'), { minLength: 1, maxLength: 3 }).map(anyOf),
    fc.tuple(fc.integer({ min: 1, max: 20 }), tie('one')).map(([count, inner]) => afterTokens(count, inner)),
  ),
  one: fc
    .tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.double({ min: 0.2, max: 1, noNaN: true }),
      fc.constantFrom(windowedConfidence, meanProbability, minimumProbability),
    )
    .map(([window, threshold, make]) => make({ window, threshold })),
})).any;

const token = fc.record({
  probability: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  slack: fc.oneof(fc.constant(0.001), fc.double({ min: 0, max: 2, noNaN: true })),
});

test('accepts where exact scores throughout would, with the same value', async () => {
  await fc.assert(
    fc.asyncProperty(criterion, fc.array(token, { maxLength: 40 }), async (chosen, tokens) => {
      const logprobs = tokens.map(({ probability }) => Math.log(probability));
      const { base, scores } = bounding(
        logprobs,
        tokens.map(({ slack }) => slack),
      );
      const exactScores = logprobs.map((logprob, i): TokenScore => ({ token: i as TokenId, logprob }));
      const exact = await switchWith(chosen, exactScores, base);
      const bounded = await switchWith(chosen, scores, base);
      assert.deepEqual(
        bounded && { index: bounded.index, value: bounded.value },
        exact && { index: exact.index, value: exact.value },
      );
    }),
  );
});

test('asks for exact scores only where the bounds leave a switch possible', async () => {
  const unlikely = Math.log(0.1);
  const { base, scores, asked } = bounding([0, unlikely, 0, 0, -0.5, 0], [0, 0.1, 0, 0, 0.5, 0]);
  assert.equal(
    await switchWith(windowedConfidence({ window: 2, threshold: 0.9 }), scores, base).then((s) => s?.index),
    3,
  );
  assert.deepEqual(asked, [2, 3]);
});

test('a window that only its bounds let through is not accepted, and later ones are judged rightly', async () => {
  const { base, scores, asked } = bounding([-0.3, -0.3, 0, 0], [0.3, 0.3, 0, 0]);
  const found = await switchWith(windowedConfidence({ window: 2, threshold: 0.9 }), scores, base);
  assert.equal(found?.index, 3);
  assert.deepEqual(asked, [0, 1, 2, 3]);
});

test('a token that was made exact is given with its exact score', async () => {
  const { base, scores } = bounding([-0.01], [0.01]);
  const found = await switchWith(windowedConfidence({ window: 1, threshold: 0.5 }), scores, base);
  assert.deepEqual(found?.last, { token: 0, logprob: -0.01 });
});

test('criteria that look at no logprob ask for none', async () => {
  for (const [chosen, index] of [
    [always, 0],
    [never, undefined],
    [fixedLength(3), 2],
  ] as const) {
    const { base, scores, asked } = bounding([-1, -1, -1, -1], [0, 0, 0, 0]);
    assert.equal((await switchWith(chosen, scores, base))?.index, index);
    assert.deepEqual(asked, []);
  }
});

test('a bound that ruled a switch out is not shown as the criterion’s value', async () => {
  const { base, scores } = bounding([Math.log(0.1)], [0.1]);
  const detector = new BoundedDetector(windowedConfidence({ window: 1, threshold: 0.5 }), base);
  assert.deepEqual((await detector.push(scores[0]!, BYTES)).verdict, { value: undefined, accept: false });
});
