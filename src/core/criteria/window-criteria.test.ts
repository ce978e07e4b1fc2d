import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../errors.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import {
  average,
  firstWindow,
  type Known,
  probability,
  run,
  tokens,
  windowSize,
} from '../../../test/fixtures/drafted-tokens.ts';
import { firstChoiceAgreement } from './first-choice-agreement.ts';
import { meanEntropy } from './mean-entropy.ts';
import { meanProbability } from './mean-probability.ts';
import { minimumProbability } from './minimum-probability.ts';
import { perplexityDecay } from './perplexity-decay.ts';
import { relativeConfidence } from './relative-confidence.ts';
import { tokenConfidence } from './token-confidence.ts';
import { windowedConfidence } from './windowed-confidence.ts';

const SLACK = 1e-11;
const share = fc.double({ min: 0.01, max: 1, noNaN: true });
const logMean = (values: readonly number[]) => average(values.map(Math.log));

/** Each criterion beside its formula, in terms of a strictness from 0.01 to 1. */
const FORMULAS: Record<
  string,
  {
    readonly make: (window: number, strictness: number) => SwitchCriterion;
    readonly holds: (window: readonly Known[], strictness: number, given: readonly Known[]) => boolean;
  }
> = {
  confidence: {
    make: (window, threshold) => windowedConfidence({ window, threshold }),
    holds: (window, threshold) => logMean(window.map(({ p }) => p!)) >= Math.log(threshold) - SLACK,
  },
  min: {
    make: (window, threshold) => minimumProbability({ window, threshold }),
    holds: (window, threshold) => window.every(({ p }) => p! >= threshold - SLACK),
  },
  mean: {
    make: (window, threshold) => meanProbability({ window, threshold }),
    holds: (window, threshold) => average(window.map(({ p }) => p!)) >= threshold - SLACK,
  },
  agreement: {
    make: (window, share) => firstChoiceAgreement({ window, share }),
    holds: (window, share) => window.filter(({ isFirstChoice }) => isFirstChoice).length / window.length >= share,
  },
  entropy: {
    make: (window, strictness) => meanEntropy({ window, bound: 1 / strictness }),
    holds: (window, strictness) => average(window.map(({ entropy }) => entropy!)) <= 1 / strictness + SLACK,
  },
  decay: {
    make: (window, strictness) => perplexityDecay({ window, ratio: 1.01 - strictness }),
    holds: (window, strictness, given) => {
      const first = logMean(given.slice(0, window.length).map(({ p }) => p!));
      return first - logMean(window.map(({ p }) => p!)) <= Math.log(1.01 - strictness) + SLACK;
    },
  },
  relative: {
    make: (window, factor) => relativeConfidence({ window, factor }),
    holds: (window, factor) =>
      logMean(window.map(({ p }) => p!)) - logMean(window.map(({ draft }) => draft!)) >= Math.log(factor) - SLACK,
  },
};

for (const [name, { make, holds }] of Object.entries(FORMULAS)) {
  test(`${name} takes over at the first window that its formula holds for`, () => {
    fc.assert(
      fc.property(windowSize, share, tokens, (size, strictness, given) => {
        const expected = firstWindow(size, given, (window) => holds(window, strictness, given));
        assert.equal(run(make(size, strictness), given).index, expected);
      }),
    );
  });

  test(`${name} never takes over earlier when it is stricter`, () => {
    fc.assert(
      fc.property(windowSize, share, share, tokens, (size, one, other, given) => {
        const at = (strictness: number) => run(make(size, strictness), given).index ?? Infinity;
        assert.ok(at(Math.min(one, other)) <= at(Math.max(one, other)));
      }),
    );
  });

  test(`${name} has no value before its window is full, and no number that is none`, () => {
    fc.assert(
      fc.property(windowSize, share, tokens, (size, strictness, given) => {
        const { values } = run(make(size, strictness), given);
        assert.ok(values.slice(0, size - 1).every((value) => value === undefined));
        assert.ok(values.every((value) => value === undefined || Number.isFinite(value)));
      }),
    );
  });

  test(`${name} shares no state between responses`, () => {
    const criterion = make(2, 0.5);
    const sure = { p: 1, draft: 1, entropy: 0, isFirstChoice: true };
    run(criterion, [sure]);
    assert.equal(run(criterion, [sure]).index, undefined);
  });
}

test('the values are what the formulas say', () => {
  const given = [
    { p: 0.1, draft: 0.4, entropy: 3, isFirstChoice: false },
    { p: 0.4, draft: 0.4, entropy: 1, isFirstChoice: true },
  ];
  const values = Object.fromEntries(
    Object.entries(FORMULAS).map(([name, { make }]) => [name, run(make(2, 1), given).values[1]]),
  );
  const close = (name: string, expected: number) => assert.ok(Math.abs(values[name]! - expected) < 1e-12, name);
  close('confidence', 0.2);
  close('min', 0.1);
  close('mean', 0.25);
  close('agreement', 0.5);
  close('entropy', 2);
  close('decay', 1);
  close('relative', 0.5);
});

test('the defaults are those of the docs', () => {
  const all = [minimumProbability(), meanProbability(), firstChoiceAgreement(), meanEntropy(), perplexityDecay()];
  assert.deepEqual(
    [...all, relativeConfidence(), tokenConfidence()].map(({ name }) => name),
    [
      'min(window=6, threshold=0.5)',
      'mean(window=6, threshold=0.8)',
      'agreement(window=8, share=0.9)',
      'entropy(window=6, bound=0.7)',
      'decay(window=6, ratio=0.2)',
      'relative(window=6, factor=1)',
      'token(threshold=0.95)',
    ],
  );
});

test('a window that is the bound throughout has reached it, whatever rounding makes of its mean', () => {
  for (let n = 1; n < 100; n++) {
    const bound = n / 100;
    const given = Array.from({ length: 3 }, () => ({ p: bound, draft: 1, entropy: bound }));
    for (const criterion of [
      minimumProbability({ window: 3, threshold: bound }),
      meanProbability({ window: 3, threshold: bound }),
      meanEntropy({ window: 3, bound }),
      relativeConfidence({ window: 3, factor: bound }),
    ]) {
      assert.equal(run(criterion, given).index, 2, criterion.name);
    }
  }
});

test('where the base told no entropy, entropy neither has a value nor accepts', () => {
  const criterion = meanEntropy({ window: 1, bound: 100 });
  assert.deepEqual(run(criterion, [{ entropy: Number.NaN }]), { index: undefined, values: [undefined] });
});

test('against a draft that held its own token impossible, relative has no finite ratio', () => {
  assert.deepEqual(run(relativeConfidence({ window: 1 }), [{ p: 0.5, draft: 0 }]).values, [undefined]);
});

test('decay compares with the beginning, whatever comes between', () => {
  const given = [0.1, 0.1, 0.2, 0.4, 0.4].map((p) => ({ p }));
  const { index, values } = run(perplexityDecay({ window: 2, ratio: 0.25 }), given);
  assert.equal(index, 4);
  assert.ok(Math.abs(values[3]! - Math.SQRT1_2 / 2) < 1e-12);
});

test('decay of two impossible windows is no ratio', () => {
  assert.deepEqual(run(perplexityDecay({ window: 1, ratio: 1 }), [{ p: 0 }, { p: 0 }]).values, [undefined, undefined]);
});

test('relative takes over where both are equally unsure, which no absolute threshold does', () => {
  const given = Array.from({ length: 6 }, () => ({ p: 0.3, draft: 0.3 }));
  assert.equal(run(relativeConfidence({ window: 6, factor: 1 }), given).index, 5);
  assert.equal(run(windowedConfidence({ window: 6 }), given).index, undefined);
});

test('token takes over at the first token that is likely enough, as confidence with a window of one', () => {
  fc.assert(
    fc.property(share, tokens, (threshold, given) => {
      const first = given.findIndex(({ p }) => p >= threshold - SLACK);
      assert.equal(run(tokenConfidence({ threshold }), given).index ?? -1, first);
      const [one, other] = [tokenConfidence({ threshold }), windowedConfidence({ window: 1, threshold })];
      assert.deepEqual(run(one, given), run(other, given));
    }),
  );
});

test('of one window, the mean is never later and the minimum never earlier than confidence', () => {
  fc.assert(
    fc.property(windowSize, share, fc.array(probability), (window, threshold, probabilities) => {
      const given = probabilities.map((p) => ({ p }));
      const at = (criterion: SwitchCriterion) => run(criterion, given).index ?? Infinity;
      const confidence = at(windowedConfidence({ window, threshold }));
      assert.ok(at(meanProbability({ window, threshold })) <= confidence);
      assert.ok(at(minimumProbability({ window, threshold })) >= confidence);
    }),
  );
});

test('the values of mean and min lie about that of confidence: min ≤ geometric ≤ arithmetic mean', () => {
  fc.assert(
    fc.property(fc.array(probability, { minLength: 1, maxLength: 10 }), (probabilities) => {
      const given = probabilities.map((p) => ({ p }));
      const window = given.length;
      const last = (criterion: SwitchCriterion) => run(criterion, given).values.at(-1)!;
      const geometric = last(windowedConfidence({ window }));
      assert.ok(last(minimumProbability({ window })) <= geometric + SLACK);
      assert.ok(geometric <= last(meanProbability({ window })) + SLACK);
    }),
  );
});

test('what they need is declared', () => {
  const needs = Object.entries(FORMULAS).map(([name, { make }]) => {
    const { needsStatistics, needsDraftLogprobs = false } = make(2, 0.5);
    return [name, needsStatistics, needsDraftLogprobs];
  });
  assert.deepEqual(
    needs.filter(([, statistics, draft]) => statistics !== false || draft === true),
    [
      ['agreement', ['firstChoice'], false],
      ['entropy', ['entropy'], false],
      ['relative', false, true],
    ],
  );
});

const REFUSED: readonly (readonly [string, () => SwitchCriterion])[] = [
  ['The window of min must be a whole number of at least 1, not 0.', () => minimumProbability({ window: 0 })],
  ['The threshold of min must be above 0 and at most 1, not 2.', () => minimumProbability({ threshold: 2 })],
  ['The window of mean must be a whole number of at least 1, not 1.5.', () => meanProbability({ window: 1.5 })],
  ['The threshold of mean must be above 0 and at most 1, not 0.', () => meanProbability({ threshold: 0 })],
  ['The threshold of token must be above 0 and at most 1, not NaN.', () => tokenConfidence({ threshold: Number.NaN })],
  ['The window of agreement must be a whole number of at least 1, not -1.', () => firstChoiceAgreement({ window: -1 })],
  ['The share of agreement must be above 0 and at most 1, not 1.1.', () => firstChoiceAgreement({ share: 1.1 })],
  ['The window of entropy must be a whole number of at least 1, not 0.', () => meanEntropy({ window: 0 })],
  ['The bound of entropy must be a number of at least 0, not -1.', () => meanEntropy({ bound: -1 })],
  ['The window of decay must be a whole number of at least 1, not 0.', () => perplexityDecay({ window: 0 })],
  ['The ratio of decay must be above 0 and at most 1, not 1.5.', () => perplexityDecay({ ratio: 1.5 })],
  ['The window of relative must be a whole number of at least 1, not 0.', () => relativeConfidence({ window: 0 })],
  ['The factor of relative must be a number above 0, not Infinity.', () => relativeConfidence({ factor: Infinity })],
];

for (const [message, make] of REFUSED) {
  test(`refused: ${message}`, () => {
    assert.throws(make, (error) => error instanceof ConfigError && error.message === message);
  });
}
