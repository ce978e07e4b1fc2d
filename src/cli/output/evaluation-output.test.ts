import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvaluationReport, StrategyReport } from '../../studies/evaluate/evaluation-report.ts';
import { assertTextInside } from '../../../test/fixtures/assert-text-inside.ts';
import { evaluationPlot } from './evaluation-plot.ts';
import { evaluationTable } from './evaluation-table.ts';

const spread = (median: number) => ({ lowerQuartile: 0.9 * median, median, upperQuartile: 1.1 * median });

function strategy(name: string, changes: Partial<StrategyReport> = {}): StrategyReport {
  return {
    strategy: name,
    answers: `${name}.jsonl`,
    choseByJudge: false,
    answered: 10,
    failed: 0,
    switch: null,
    draftedShare: 0.5,
    responseTokens: spread(100),
    cutShare: 0.1,
    repeatedShare: 0.25,
    responseMs: spread(1000),
    msPerToken: spread(10),
    timeRatio: { ...spread(2), pairs: 10 },
    firstTokenMs: spread(50),
    reward: { mean: -0.004, interval: [-1, 1], judged: 10 },
    betterThanFirst: { share: 0.75, interval: [0.5, 0.9], pairs: 10 },
    ...changes,
  };
}

const FIRST = strategy('base', { timeRatio: null, betterThanFirst: null, draftedShare: 0 });
const switches = {
  confident: 7,
  'draft-ended': 2,
  'draft-filtered': 0,
  'draft-empty': 0,
  'draft-limit': 0,
  none: 1,
  medianIndex: 12,
};
const NOTHING = strategy('a<b', {
  answered: 0,
  failed: 10,
  draftedShare: null,
  responseTokens: null,
  cutShare: null,
  repeatedShare: null,
  responseMs: null,
  msPerToken: null,
  timeRatio: null,
  firstTokenMs: null,
  reward: null,
  betterThanFirst: null,
});

const reportOf = (changes: Partial<EvaluationReport> = {}): EvaluationReport => ({
  version: '0.0.0',
  input: { file: 'in.jsonl', sha256: '', lines: 10 },
  comparedWith: 'base',
  judge: 'model',
  concurrency: 1,
  settings: {},
  strategies: [FIRST, strategy('wsd', { switch: switches, choseByJudge: true }), NOTHING],
  ...changes,
});

test('the table has a section for responses, times and rewards', () => {
  const table = evaluationTable(reportOf());
  assert.match(table, /^base +10\/10 +100 +90-110 +0% +10% +25%$/m);
  assert.match(table, /^wsd +10\/10 +100 +90-110 +50% +12 +10% +25%$/m);
  assert.match(table, /^wsd switched: base confident 7, draft ended 2, ended within the draft 1\.$/m);
  assert.match(table, /^base +1\.00 s +0\.05 s +10\.0 ms +9\.0-11\.0$/m);
  assert.match(table, /^wsd +1\.00 s +0\.05 s +10\.0 ms +9\.0-11\.0 +2\.00 +1\.80-2\.20$/m);
  assert.match(table, /^wsd +10\/10 +0\.00 +-1\.00 to 1\.00 +75% +50% to 90%$/m);
  assert.match(table, /flattered by them: wsd \(/);
  assert.match(table, /one line at a time/);
});

test('what is not there stays empty, and widens nothing', () => {
  const table = evaluationTable(reportOf());
  assert.match(table, /^a<b +0\/10$/m);
  assert.doesNotMatch(table, /null|NaN|undefined/);
  assert.ok(table.split('\n').every((line) => line === line.trimEnd()));
  assert.doesNotMatch(evaluationTable(reportOf({ judge: null })), /reward/i);
  assert.match(evaluationTable(reportOf({ concurrency: 8 })), /8 lines at a time, which slow one another/);
});

test('the picture is sound XML with a dot for each strategy that has figures', () => {
  for (const report of [reportOf(), reportOf({ judge: null }), reportOf({ strategies: [NOTHING] })]) {
    const svg = evaluationPlot(report);
    const open: string[] = [];
    for (const [, close, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (close) assert.equal(open.pop(), name);
      else if (!self) open.push(name!);
    }
    assert.deepEqual(open, []);
    assert.equal(svg.match(/<circle/g)?.length ?? 0, report.strategies.length === 1 ? 0 : 2);
    assert.doesNotMatch(svg, /NaN|undefined|null/);
  }
});

test('the picture puts more time to the right, and a greater reward higher', () => {
  const strategies = [FIRST, strategy('wsd', { reward: { mean: 3, interval: null, judged: 10 } })];
  const dots = [...evaluationPlot(reportOf({ strategies })).matchAll(/<circle cx="([^"]*)" cy="([^"]*)"/g)];
  const [[x1, y1], [x2, y2]] = dots.map(([, x, y]) => [Number(x), Number(y)]) as [[number, number], [number, number]];
  assert.ok(x1 < x2 && y1 > y2);
});

test('no text leaves the picture, and its ticks are round', () => {
  const strategies = [
    FIRST,
    strategy('best-of-n(n=10)'),
    strategy('recheck(reward=-2.5)', { timeRatio: { ...spread(5.8), pairs: 3 } }),
  ];
  const svg = evaluationPlot(reportOf({ strategies, judge: 'a/very/long/path/of/a/model/that/judges.gguf#head=x' }));
  assertTextInside(svg);
  const ticks = [...svg.matchAll(/text-anchor="middle">([\d.]+)</g)].map(([, tick]) => Number(tick));
  assert.deepEqual(ticks, [0, 2, 4, 6]);
  assert.match(svg, /time for a token, over that of base: median and quartiles/);
});
