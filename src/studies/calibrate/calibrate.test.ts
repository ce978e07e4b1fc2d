import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenId } from '../../core/language-model.ts';
import { quantile } from '../../core/quantile.ts';
import { calibrate } from './calibrate.ts';
import { defaultCandidates, givenCandidates } from './candidates.ts';
import type { DraftRecord } from './draft-record.ts';
import { readPrompts } from './read-prompts.ts';
import { checkAim, recommend, recommendationText } from './recommend.ts';

/** A draft of one token a character in chunks of 8, whose n-th token has the n-th probability. */
function recordOf(probabilities: readonly number[]): DraftRecord {
  const tokens = probabilities.map((p, i) => ({
    ...{ token: 1 as TokenId, logprob: Math.log(p), entropy: 1, rank: 1, firstChoice: 1 as TokenId },
    ...{ bytes: new TextEncoder().encode('a'), drafted: Math.min(8 * Math.ceil((i + 1) / 8), probabilities.length) },
  }));
  const draftTokens = probabilities.length;
  const times = { draftPromptMs: 10, draftMs: 2 * draftTokens, draftTokens, scoreMs: draftTokens, basePromptMs: 20 };
  return { prompt: 'p', finish: 'stop', tokens, times: { ...times, baseMs: 160, baseTokens: 16 } };
}

const sureAt = (index: number, length: number) => recordOf(Array.from({ length }, (_, i) => (i === index ? 0.9 : 0.1)));
const RECORDS = [sureAt(3, 20), sureAt(9, 20), sureAt(99, 20)];

test('a row has where a criterion switches, the share that is drafted, and the time that is expected', () => {
  const { rows, costs } = calibrate(RECORDS, givenCandidates(['token(0.9)']), { responseTokens: 40 });
  assert.deepEqual(costs, {
    ...{ draftPromptMs: 10, basePromptMs: 20 },
    ...{ draftMsPerToken: 2, scoreMsPerToken: 1, baseMsPerToken: 10 },
  });
  const [row] = rows;
  assert.deepEqual([row!.switched, row!.keptTokens], [2, { lowerQuartile: 7, median: 10, upperQuartile: 15 }]);
  assert.ok(Math.abs(row!.draftedShare - (4 + 10 + 20) / 120) < 1e-12);
  const together = 3 * 30 + (8 + 16 + 20) * 3 + (36 + 30 + 20) * 10;
  assert.ok(Math.abs(row!.timeRatio - together / (3 * (20 + 400))) < 1e-12);
});

test('what is kept beyond the assumed length lengthens the response', () => {
  const { rows } = calibrate(RECORDS, givenCandidates(['never']), { responseTokens: 5 });
  assert.equal(rows[0]!.draftedShare, 1);
});

test('a stricter setting of a family never keeps less, over all default candidates', () => {
  const probabilities = Array.from({ length: 60 }, (_, i) => Math.abs(Math.sin(i * i)) ** 0.3);
  const { rows, leftOut } = calibrate([recordOf(probabilities)], defaultCandidates(), { responseTokens: 100 });
  assert.equal(leftOut.length, 6);
  assert.ok(leftOut.every((name) => name.startsWith('relative(')));
  for (const [form, members] of Map.groupBy(rows, ({ family }) => family?.form)) {
    const kept = members.map(({ keptTokens }) => keptTokens.median);
    assert.deepEqual(
      kept,
      kept.toSorted((a, b) => a - b),
      form,
    );
  }
});

const AIMED = calibrate(RECORDS, givenCandidates(['fixed(4)', 'token(0.05)', 'token(0.9)', 'token(0.89)']), {
  responseTokens: 40,
});

test('what is nearest to the aim is recommended, the first of equals, and no ablation', () => {
  const chosen = (aim: Parameters<typeof recommend>[1]) => recommend(AIMED, aim)?.row?.criterion;
  assert.equal(chosen({ targetTokens: 4 }), 'token(threshold=0.05)');
  assert.equal(chosen({ targetTokens: 9 }), 'token(threshold=0.9)');
  assert.equal(chosen({ targetShare: 0.2 }), 'token(threshold=0.9)');
  assert.equal(chosen({ targetShare: 0.01 }), 'token(threshold=0.05)');
  assert.equal(chosen({ maxTime: 0.9 }), 'token(threshold=0.9)');
  assert.equal(chosen({ maxTime: 5 }), 'token(threshold=0.05)');
  assert.equal(chosen({ maxTime: 0.9, targetTokens: 1 }), 'token(threshold=0.9)');
  assert.equal(recommend(AIMED, {}), undefined);
});

test('a time that is just the bound is within it, and a hair less is not', () => {
  const { timeRatio, criterion } = AIMED.rows.find((row) => row.criterion === 'token(threshold=0.9)')!;
  assert.equal(recommend(AIMED, { maxTime: timeRatio })?.row?.criterion, criterion);
  assert.notEqual(recommend(AIMED, { maxTime: timeRatio - 1e-9 })?.row?.criterion, criterion);
});

test('the recommendation says why, or why there is none', () => {
  const text = (aim: Parameters<typeof recommend>[1]) => recommendationText(recommend(AIMED, aim)!);
  assert.match(
    text({ targetTokens: 9 }),
    /^Recommended: --criterion 'token\(threshold=0\.9\)'\n.*median of 10 kept tokens/,
  );
  assert.match(
    text({ maxTime: 0.1 }),
    /^Nothing to recommend: none is expected within .* fastest is token\(threshold=0\.9\)/,
  );
  const never = calibrate([recordOf([0.1])], givenCandidates(['token']), { responseTokens: 9 });
  assert.match(recommendationText(recommend(never, { maxTime: 1 })!), /no criterion that looks at the response ever/);
  assert.throws(() => checkAim({ targetShare: 0.2, targetTokens: 4 }), { code: 'two-aims' });
});

test('quantiles lie between the values in proportion', () => {
  assert.deepEqual([quantile([4, 1, 2], 0.5), quantile([1, 2], 0.25), quantile([7], 0.9)], [2, 1.25, 7]);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('prompts come a line each, as text or as JSON', () => {
  assert.deepEqual(readPrompts('one\n\n two \r\n', 'f'), ['one', 'two']);
  assert.deepEqual(readPrompts('{"prompt": "one\\ntwo", "id": 3}\n\n{"prompt": "three"}', 'f'), ['one\ntwo', 'three']);
  for (const [source, says] of [
    ['\n \n', /f is empty/],
    ['{"prompt": "a"}\nplain', /line 2 of f/],
    ['{"prompt": " "}', /line 1 of f/],
    ['{"text": "a"}', /line 1 of f/],
  ] as const) {
    assert.throws(() => readPrompts(source, 'f'), { name: 'ConfigError', message: says });
  }
});
