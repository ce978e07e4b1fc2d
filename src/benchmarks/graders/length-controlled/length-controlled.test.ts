import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { NO_SHARED_DATA, SHARED_DATA } from '../../../../test/fixtures/shared-data.ts';
import { fitLogistic } from './fit-logistic.ts';
import type { GamedRow } from './gamed-row.ts';
import { type Comparison, lengthControlledWinRate } from './length-controlled.ts';
import { readGamedRows } from './read-gamed-rows.ts';

suite('a logistic regression with an L1 penalty', () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({
    features: [Math.sin(index), Math.cos(3 * index), 1],
    label: [0.1, 0.8, 0.35, 0.6][index % 4]! * (index % 7 === 0 ? 0.5 : 1),
    weight: index % 3 === 0 ? 0.5 : 1,
  }));

  test('has the coefficients of liblinear', () => {
    // rows as above, twice: y = 1 with weight * label, y = 0 with weight * (1 - label);
    // LogisticRegression(penalty='l1', solver='liblinear', fit_intercept=False, C=C, tol=1e-10, max_iter=100000), scikit-learn 1.9.1
    const expected: Record<string, number[]> = {
      '0.3': [0, 0, -0.01033343],
      '10': [-0.18494527, -0.16002614, -0.26446117],
    };
    for (const [strength, wanted] of Object.entries(expected)) {
      const weights = fitLogistic(rows, Number(strength));
      for (const [index, weight] of weights.entries())
        assert.ok(Math.abs(weight - wanted[index]!) < 1e-4, `C=${strength}: ${weights.join(', ')}`);
    }
  });

  test('is all 0 under a strong penalty', () => {
    assert.deepEqual(fitLogistic(rows, 1e-4).map(Math.abs), [0, 0, 0]);
  });
});

/** The two published judgments of models, as they lie beside the checkout. */
function published(model: string): Comparison[] {
  const packed = readFileSync(join(SHARED_DATA, `alpaca_eval2_replay/${model}.annotations.json.gz`));
  const rows = JSON.parse(gunzipSync(packed).toString()) as {
    output_1: string;
    output_2: string;
    preference: number;
  }[];
  return rows.map(({ output_1, output_2, preference }) => ({
    baselineOutput: output_1,
    modelOutput: output_2,
    preference,
  }));
}

/**
 * Rows that act as those of df_gamed.csv, which can't be had here: the recovered difficulties, preferences with the two known sums
 * Σ y·tanh and Σ y·difficulty, and one length for all rows of a baseline, +0.572 and −0.572 after tanh, which is what the sums and the
 * published weights of the two models give.
 */
function recovered(): GamedRow[] {
  const [tanh, sumOfTanh, sumOfDifficulty] = [0.572, -182.71, 412.94];
  const lines = readFileSync(join(SHARED_DATA, 'alpaca_eval2_replay/instruction_difficulty_recovered.csv'), 'utf8');
  const difficulties = lines
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
  const sum = (power: number) => difficulties.reduce((total, difficulty) => total + difficulty ** power, 0);
  const byLength = sumOfTanh / (2 * tanh * difficulties.length);
  const byDifficulty = (sumOfDifficulty - sum(1)) / (2 * sum(2));
  return [1, -1].flatMap((sign) =>
    difficulties.map((difficulty, index) => ({
      index,
      difficulty,
      standardisedLength: Math.atanh(sign * tanh),
      preference: 0.5 + sign * byLength + byDifficulty * difficulty,
      isGamed: true,
    })),
  );
}

suite('a length-controlled win rate', () => {
  test('is that of the leaderboard within 0.15 points, with recovered difficulties', { skip: NO_SHARED_DATA }, () => {
    // ../shared/data/alpaca_eval2_leaderboard.csv
    const leaderboard = { text_davinci_001: 9.025728852143091, 'falcon-7b-instruct': 4.036937566812824 };
    for (const [model, expected] of Object.entries(leaderboard)) {
      const { glm, lengthControlledWinRate: rate } = lengthControlledWinRate(published(model), recovered());
      assert.equal(glm, 'length_controlled_v1');
      assert.ok(Math.abs(rate - expected) < 0.15, `${model}: ${rate} instead of ${expected}`);
    }
  });

  const comparisons = Array.from({ length: 40 }, (_, index) => ({
    baselineOutput: 'x'.repeat(50 + ((index * 13) % 40)),
    modelOutput: 'y'.repeat(40 + ((index * 29) % 90)),
    preference: 1 + ((index * 17) % 10) / 10,
  }));

  test('counts lengths in code points', () => {
    const wide = comparisons.map((row) => ({ ...row, modelOutput: row.modelOutput.replaceAll('y', '𝒚') }));
    const [one, other] = [lengthControlledWinRate(wide), lengthControlledWinRate(comparisons)];
    assert.deepEqual([one.lengthControlledWinRate, one.weights], [other.lengthControlledWinRate, other.weights]);
  });

  test('has an interval, the same each time, that is narrower for more comparisons', () => {
    const better = comparisons.map((row) => ({ ...row, preference: Math.min(2, row.preference + 0.3) }));
    const few = lengthControlledWinRate(better);
    const [from, to] = few.interval();
    assert.deepEqual(few.interval(), [from, to]);
    assert.ok(from < few.lengthControlledWinRate && few.lengthControlledWinRate < to, `${from} to ${to}`);
    const [least, most] = lengthControlledWinRate(Array.from({ length: 10 }, () => better).flat()).interval();
    assert.ok(most - least < (to - from) / 2, `${most - least} and ${to - from}`);
  });

  test('without rows of gamed baselines is the minimal one, one for all comparisons', () => {
    const { glm, weights, standardError } = lengthControlledWinRate(comparisons);
    assert.equal(glm, 'length_controlled_minimal');
    assert.equal(weights.length, 2);
    assert.ok(standardError < 1e-12);
  });

  test('leaves what has no preference out of the fit', () => {
    const some = [...comparisons, { ...comparisons[0]!, preference: undefined }];
    assert.ok(Number.isFinite(lengthControlledWinRate(some).lengthControlledWinRate));
  });

  test('needs a difficulty for each comparison', () => {
    const rows = readGamedRows(
      'model,index,instruction_difficulty,std_delta_len,preference,not_gamed_baseline\nm,0,0.5,-1,0.25,False\nm,1,-0.5,1,,False\n',
      'x.csv',
    );
    assert.deepEqual(rows[1], {
      index: 1,
      difficulty: -0.5,
      standardisedLength: 1,
      preference: undefined,
      isGamed: true,
    });
    assert.throws(() => lengthControlledWinRate(comparisons, rows), /no difficulty of instruction 2/);
  });
});

test('a row of df_gamed.csv that is none is named by its line', () => {
  const head = 'index,instruction_difficulty,std_delta_len,preference,not_gamed_baseline';
  assert.throws(() => readGamedRows(`${head}\n0,1,1,0.5,False\nx,1,1,1,False\n`, 'x.csv'), /x\.csv, line 3: .*index/s);
});
