import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { mean } from '../core/mean.ts';
import { meanInterval } from './mean-interval.ts';
import { bootstrap } from './bootstrap.ts';
import { clusteredMeanInterval } from './clustered-mean-interval.ts';
import { correlation, rankCorrelation } from './correlation.ts';
import { pairedBootstrap } from './paired-bootstrap.ts';
import { permutationTest } from './permutation-test.ts';
import { RunningMean } from './running-mean.ts';
import { signTest } from './sign-test.ts';
import { spreadOf } from './spread.ts';
import { standardDeviation, standardError } from './standard-error.ts';
import { studentInterval } from './student-interval.ts';
import { studentQuantile } from './student-quantile.ts';
import { wilsonInterval } from './wilson-interval.ts';

const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 40 });

suite('the interval of a mean', () => {
  test('lies within the values, around their mean, and is the same each time', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const [from, to] = meanInterval(values)!;
        const slack = 1e-9;
        assert.ok(Math.min(...values) - slack <= from && from <= to && to <= Math.max(...values) + slack);
        assert.deepEqual(meanInterval(values), [from, to]);
      }),
      { numRuns: 40 },
    );
  });

  test('moves and grows with the values', () => {
    const values = [1, 2, 4, 8, 16];
    const [from, to] = meanInterval(values)!;
    const [otherFrom, otherTo] = meanInterval(values.map((value) => 10 * value + 3))!;
    assert.ok(Math.abs(otherFrom - (10 * from + 3)) < 1e-9 && Math.abs(otherTo - (10 * to + 3)) < 1e-9);
  });

  test('is about what the normal distribution gives of many values', () => {
    // Evenly from 0 to 1: a standard error of √(1/12/400) = 0.0144.
    const values = Array.from({ length: 400 }, (_, index) => (index + 0.5) / 400);
    const [from, to] = meanInterval(values)!;
    assert.ok(Math.abs(from - (0.5 - 1.96 * 0.01443)) < 0.003, String(from));
    assert.ok(Math.abs(to - (0.5 + 1.96 * 0.01443)) < 0.003, String(to));
  });

  test('is a point for equal values, and none for fewer than two', () => {
    assert.deepEqual(meanInterval([3, 3, 3]), [3, 3]);
    assert.equal(meanInterval([3]), undefined);
    assert.equal(meanInterval([]), undefined);
    assert.ok(Number.isNaN(mean([])));
  });
});

suite('the interval of a share', () => {
  test("is Wilson's", () => {
    // Newcombe (1998), table I: 81 of 263, and 0 of 20.
    const close = (actual: readonly number[], expected: readonly number[]) =>
      assert.deepEqual(
        actual.map((value) => Number(value.toFixed(4))),
        expected,
      );
    close(wilsonInterval(81, 263), [0.2553, 0.3662]);
    close(wilsonInterval(0, 20), [0, 0.1611]);
  });

  test('holds the share, stays between 0 and 1, and narrows with more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const hits = Math.round(2 * part * n) / 2;
        const [from, to] = wilsonInterval(hits, n);
        const share = hits / n;
        assert.ok(from > -1e-12 && from <= share + 1e-12 && share <= to + 1e-12 && to < 1 + 1e-12);
        const [widerFrom, widerTo] = [from, to];
        const [narrowFrom, narrowTo] = wilsonInterval(4 * hits, 4 * n);
        assert.ok(narrowTo - narrowFrom < widerTo - widerFrom);
      }),
    );
  });
});

test('a spread is the median and the middle half, of nothing there is none', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2, 5]), { lowerQuartile: 2, median: 3, upperQuartile: 4 });
  assert.equal(spreadOf([]), undefined);
});

/** What scipy 1.17.1 gives of these two lists (`stats` is `scipy.stats`), named beside each number. */
const A = [3.1, 2.7, 4.4, 5.0, 3.9, 4.1, 2.2, 3.3];
const B = [3.4, 2.9, 4.1, 5.6, 4.4, 4.9, 2.1, 4.0];

function assertClose(actual: readonly (number | undefined)[], expected: readonly number[], slack = 1e-9): void {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of actual.entries())
    assert.ok(Math.abs(value! - expected[index]!) <= slack, `${String(value)} instead of ${expected[index]!}`);
}

suite("Student's t", () => {
  test('has the quantiles of scipy', () => {
    // stats.t.ppf(0.975, [1, 2, 7, 30, 1000]) and stats.t.ppf(0.1, 4)
    assertClose(
      [1, 2, 7, 30, 1000].map((degrees) => studentQuantile(0.975, degrees)),
      [12.706204736174694, 4.302652729749462, 2.364624251592784, 2.0422724563012378, 1.9623390808264083],
    );
    assertClose([studentQuantile(0.1, 4)], [-1.5332062740589436]);
  });

  test('gives the interval of a mean', () => {
    // stats.t.interval(0.95, 7, np.mean(A), stats.sem(A)); stats.sem(A), np.std(A, ddof=1)
    assertClose(studentInterval(A)!, [2.8103569929580967, 4.364643007041904]);
    assertClose([standardError(A), standardDeviation(A)], [0.3286539104546648, 0.9295736349838795]);
    assert.equal(studentInterval([1]), undefined);
    const running = new RunningMean();
    for (const value of A) running.add(value);
    assertClose(running.interval!, studentInterval(A)!);
    assertClose([running.mean], [mean(A)]);
    assert.equal(new RunningMean().interval, undefined);
  });
});

suite('a bootstrap', () => {
  test('draws as often as is asked, the same for the same seed only', () => {
    const first = (sample: readonly number[]) => sample[0]!;
    assert.equal(bootstrap(A, first, { resamples: 20 }).length, 20);
    assert.deepEqual(bootstrap(A, mean, { seed: 3 }), bootstrap(A, mean, { seed: 3 }));
    assert.notDeepEqual(bootstrap(A, mean, { seed: 3 }), bootstrap(A, mean, { seed: 4 }));
  });

  test('gives the percentile interval of scipy', () => {
    // stats.bootstrap((A,), np.mean, method='percentile', n_resamples=100000).confidence_interval
    assertClose(meanInterval(A, { resamples: 20_000 })!, [2.9875, 4.1875], 0.02);
  });

  test('of clusters is wider than of as many independent values, as √2 for twins', () => {
    const values = Array.from({ length: 200 }, (_, index) => (index * 37) % 100);
    const width = ([from, to]: readonly number[]) => to! - from!;
    const twins = width(clusteredMeanInterval(values.map((value) => [value, value]))!);
    const single = width(meanInterval(values.flatMap((value) => [value, value]))!);
    assert.ok(Math.abs(twins / single - Math.SQRT2) < 0.12, String(twins / single));
    assert.equal(clusteredMeanInterval([[1, 2, 3]]), undefined);
  });
});

suite('two strategies on the same lines', () => {
  test('differ by the mean of their differences, within an interval around it', () => {
    const { difference, interval } = pairedBootstrap(A, B)!;
    assertClose([difference], [0.3375]);
    assert.ok(interval[0] > 0 && interval[0] < difference && difference < interval[1] && interval[1] < 0.8);
    assert.equal(pairedBootstrap([1], [2]), undefined);
  });

  test('have the p-values of scipy', () => {
    // stats.binomtest(6, 8).pvalue, stats.binomtest(40, 100).pvalue
    assertClose([signTest(A, B)], [0.2890625]);
    const coins = (wins: number) => Array.from({ length: 100 }, (_, index) => (index < wins ? 1 : -1));
    assertClose([signTest(Array<number>(100).fill(0), coins(40))], [0.05688793364098089]);
    // stats.permutation_test((B, A), lambda x, y: np.mean(x - y), permutation_type='samples', n_resamples=np.inf).pvalue
    assertClose([permutationTest(A, B)], [0.0625]);
    // x = range(20), y = [i * .9 + ((i * 7) % 5) for i in x], drawn a million times
    const x = Array.from({ length: 20 }, (_, index) => index);
    assertClose(
      [
        permutationTest(
          x,
          x.map((value) => value * 0.9 + ((value * 7) % 5)),
        ),
      ],
      [0.00617],
      0.002,
    );
  });

  test('that never differ have no p-value, and lists of two lengths are refused', () => {
    assert.equal(signTest([1, 2], [1, 2]), undefined);
    assert.equal(permutationTest([1, 2], [1, 2]), undefined);
    assert.throws(() => signTest([1], [1, 2]), /1 and 2 values/);
  });
});

test('correlations are those of scipy, and none of what does not vary', () => {
  // stats.pearsonr(A, B)[0], stats.spearmanr(A, B)[0], stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 2])[0]
  assertClose([correlation(A, B), rankCorrelation(A, B)], [0.9432180021812252, 0.9285714285714287]);
  assertClose([rankCorrelation([1, 2, 2, 3], [1, 3, 2, 2])], [0.5]);
  assert.equal(correlation([1, 1], [1, 2]), undefined);
  assert.throws(() => correlation([1], [1, 2]), /1 and 2 values/);
});
