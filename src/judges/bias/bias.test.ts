import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { flipRate } from './flip-rate.ts';
import { judgeNoise } from './judge-noise.ts';
import { codePoints } from '../../core/code-points.ts';
import { lengthBias } from './length-bias.ts';

const game = (answerFirst: boolean, outcome: number) => ({ answerFirst, outcome, weight: 1 });
const both = (second: number, first: number) => [game(false, second), game(true, first)];

suite('the flip rate', () => {
  test('is 1 for a judge that goes by the place, 0 for one that does not', () => {
    assert.deepEqual(
      { ...flipRate([both(0, 1), both(0.2, 0.9)]), interval: 0 },
      { n: 2, rate: 1, interval: 0, firstWins: 1 },
    );
    assert.deepEqual(
      { ...flipRate([both(1, 1), both(0, 0)]), interval: 0 },
      { n: 2, rate: 0, interval: 0, firstWins: 0.5 },
    );
  });

  test('leaves out ties and single games, and is unknown without pairs', () => {
    assert.equal(flipRate([both(0.5, 1), [game(true, 1)], []]), undefined);
    const { n, rate, interval } = flipRate([both(1, 0), both(1, 1), both(0, 0), both(1, 1), [game(true, 1)]])!;
    assert.deepEqual([n, rate], [4, 0.25]);
    assert.ok(interval[0] > 0 && interval[0] < 0.25 && interval[1] > 0.25 && interval[1] < 1);
  });
});

suite('the bias for length', () => {
  const measured = (outcome: number, answerLength: number, baselineLength: number) => ({
    game: game(true, outcome),
    answerLength,
    baselineLength,
  });

  test('is a correlation of 1 where the longer answer always wins', () => {
    assert.deepEqual(lengthBias([measured(1, 20, 10), measured(0, 10, 20)]), { n: 2, correlation: 1, longerWins: 1 });
    assert.equal(lengthBias([measured(0, 20, 10), measured(1, 10, 20), measured(0.5, 15, 15)]).correlation, -1);
  });

  test('is unknown where nothing varies', () => {
    assert.deepEqual(lengthBias([measured(1, 20, 10), measured(1, 30, 20)]), {
      n: 2,
      correlation: undefined,
      longerWins: 1,
    });
    assert.deepEqual(lengthBias([measured(0.5, 20, 10)]), { n: 1, correlation: undefined, longerWins: undefined });
    assert.deepEqual(lengthBias([]), { n: 0, correlation: undefined, longerWins: undefined });
  });

  test('counts code points', () => assert.equal(codePoints('é🎉a'), 3));
});

suite("a judge's noise", () => {
  test('is how far its grades of one item lie apart', () => {
    const noise = judgeNoise([
      [7, 9],
      [5, 5],
      [3, undefined],
    ])!;
    assert.deepEqual(noise, { n: 2, repeats: 2, changed: 0.5, gradeDeviation: 1, means: [6, 7] });
  });

  test('is unknown of one judgment, and of none', () => {
    for (const grades of [[[7], [5]], [], [[undefined, 7]]]) assert.equal(judgeNoise(grades), undefined);
  });
});
