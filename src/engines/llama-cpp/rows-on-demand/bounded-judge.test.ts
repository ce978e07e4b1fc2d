import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { afterTokens } from '../../../core/criteria/after-tokens.ts';
import { allOf } from '../../../core/criteria/all-of.ts';
import { anyOf } from '../../../core/criteria/any-of.ts';
import { atBoundary } from '../../../core/criteria/at-boundary.ts';
import { always, never } from '../../../core/criteria/constant-criteria.ts';
import { fixedLength } from '../../../core/criteria/fixed-length.ts';
import { meanEntropy } from '../../../core/criteria/mean-entropy.ts';
import { meanProbability } from '../../../core/criteria/mean-probability.ts';
import { minimumProbability } from '../../../core/criteria/minimum-probability.ts';
import { monotoneWindow } from '../../../core/criteria/monotone.ts';
import { windowedConfidence } from '../../../core/criteria/windowed-confidence.ts';
import type { TokenId } from '../../../core/language-model.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';
import { BoundedJudge } from './bounded-judge.ts';

const BYTES = new Uint8Array();
const PREFIX = [0 as TokenId];

/** A model whose bounds are known to be exact up to `slack` nats; each state is the place of its token. */
function bounding(logprobs: readonly number[], slack: readonly number[] = logprobs.map(() => 0)) {
  const asked: number[] = [];
  let scored = 0;
  const places = (states: readonly Float32Array[]) => states.map(([place]) => place!);
  const model = {
    states: (_: unknown, tokens: readonly TokenId[]) => Promise.resolve(tokens.map(() => Float32Array.of(scored++))),
    bounds: (states: readonly Float32Array[]) =>
      Promise.resolve(places(states).map((place) => Math.min(logprobs[place]! + slack[place]!, 0))),
    logprobs(states: readonly Float32Array[], tokens: readonly TokenId[]) {
      assert.deepEqual(places(states), tokens, 'the state of another token');
      asked.push(...places(states));
      return Promise.resolve(places(states).map((place) => logprobs[place]!));
    },
  };
  return { model, asked };
}

/** What it says of tokens in chunks of `size`. */
async function judged(
  criterion: SwitchCriterion,
  count: number,
  { model }: Pick<ReturnType<typeof bounding>, 'model'>,
  size = 3,
) {
  const judge = new BoundedJudge(model, criterion, monotoneWindow(criterion)!);
  const tokens = Array.from({ length: count }, (_, i) => ({ token: i as TokenId, bytes: BYTES }));
  const all = [];
  for (let start = 0; start < count && !all.at(-1)?.verdict.accept; start += size) {
    all.push(...(await judge.judge(PREFIX, tokens.slice(start, start + size))));
  }
  return all;
}

/** Where the criterion accepts, if it does. */
async function switchWith(...args: Parameters<typeof judged>) {
  const all = await judged(...args);
  const index = all.findIndex(({ verdict }) => verdict.accept);
  return index < 0 ? undefined : { index, value: all[index]!.verdict.value };
}

const criterion: fc.Arbitrary<SwitchCriterion> = fc.letrec<{ any: SwitchCriterion; one: SwitchCriterion }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    tie('one'),
    tie('one').map(atBoundary),
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

test('accepts where exact logprobs throughout would, with the same value', async () => {
  await fc.assert(
    fc.asyncProperty(
      criterion,
      fc.array(token, { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      async (chosen, tokens, size) => {
        const logprobs = tokens.map(({ probability }) => Math.log(probability));
        const slack = tokens.map((each) => each.slack);
        const detector = chosen.start();
        const verdicts = logprobs.map((logprob, i) => detector.push({ token: i as TokenId, logprob, bytes: BYTES }));
        const index = verdicts.findIndex(({ accept }) => accept);
        assert.deepEqual(
          await switchWith(chosen, tokens.length, bounding(logprobs, slack), size),
          index < 0 ? undefined : { index, value: verdicts[index]!.value },
        );
      },
    ),
  );
});

test('asks for exact logprobs only where the bounds leave a switch possible', async () => {
  const model = bounding([0, Math.log(0.1), 0, 0, -0.5, 0], [0, 0.1, 0, 0, 0.5, 0]);
  const found = await switchWith(windowedConfidence({ window: 2, threshold: 0.9 }), 6, model);
  assert.equal(found?.index, 3);
  assert.deepEqual(model.asked, [2, 3]);
});

test('a window that only its bounds let through is not accepted, and later ones are judged rightly', async () => {
  const model = bounding([-0.3, -0.3, 0, 0], [0.3, 0.3, 0, 0]);
  assert.equal((await switchWith(windowedConfidence({ window: 2, threshold: 0.9 }), 4, model))?.index, 3);
  assert.deepEqual(model.asked, [0, 1, 2, 3]);
});

test('a token that was made exact is given with its logprob, others are given without', async () => {
  const criterion = windowedConfidence({ window: 1, threshold: 0.5 });
  assert.deepEqual(
    (await judged(criterion, 2, bounding([-2, -0.01], [0.5, 0.01]))).map(({ logprob }) => logprob),
    [undefined, -0.01],
  );
});

test('criteria that look at no logprob ask for none', async () => {
  for (const [chosen, index] of [
    [always, 0],
    [never, undefined],
    [fixedLength(3), 2],
  ] as const) {
    const model = bounding([-1, -1, -1, -1]);
    assert.equal((await switchWith(chosen, 4, model))?.index, index);
    assert.deepEqual(model.asked, []);
  }
});

test('a bound that ruled a switch out is not shown as the criterion’s value', async () => {
  const criterion = windowedConfidence({ window: 1, threshold: 0.5 });
  const [first] = await judged(criterion, 1, bounding([Math.log(0.1)], [0.1]));
  assert.deepEqual(first, { verdict: { value: undefined, accept: false }, logprob: undefined });
});

test('nothing is known of a criterion with a part of which nothing is, or of a copy', () => {
  const window = windowedConfidence();
  assert.equal(monotoneWindow(allOf([window, minimumProbability({ window: 9 })])), 9);
  assert.equal(monotoneWindow(allOf([window, meanEntropy()])), undefined);
  assert.equal(monotoneWindow({ ...window, start: () => never.start() }), undefined);
});
