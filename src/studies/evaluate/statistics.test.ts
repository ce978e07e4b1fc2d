import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { mean } from '../../core/mean.ts';
import { meanInterval } from './mean-interval.ts';
import { repeatedShare } from './repeated-share.ts';
import { spreadOf } from './spread.ts';
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

suite('repetition', () => {
  test('is the share of passages of four words that were there before', () => {
    assert.equal(repeatedShare('a b c d e f'), 0);
    // abcd bcda cdab dabc abcd: one of five.
    assert.equal(repeatedShare('a b c d a b c d'), 1 / 5);
    assert.equal(repeatedShare('no no no no no no no no no no no no no'), 9 / 10);
  });

  test('white space of any kind and length is the same; fewer than four words have no share', () => {
    assert.equal(repeatedShare(' a\n\nb  c\td a b c d\n'), 1 / 5);
    assert.ok(Number.isNaN(repeatedShare('one two three')) && Number.isNaN(repeatedShare('')));
  });

  test('is from 0 to below 1, and grows when a text is said again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 4, maxLength: 60 }), (words) => {
        const share = repeatedShare(words.join(' '));
        assert.ok(share >= 0 && share < 1);
        assert.ok(repeatedShare([...words, ...words].join(' ')) >= share);
      }),
    );
  });
});

test('a spread is the median and the middle half, of nothing there is none', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2, 5]), { lowerQuartile: 2, median: 3, upperQuartile: 4 });
  assert.equal(spreadOf([]), undefined);
});
