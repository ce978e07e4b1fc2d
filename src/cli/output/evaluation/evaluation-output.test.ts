import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertTextInside } from '../../../../test/fixtures/assert-text-inside.ts';
import { FIRST, NOTHING, strategy, reportOf, spread } from '../../../../test/fixtures/example-reports.ts';
import { evaluationPlot } from './evaluation-plot.ts';
import { evaluationTable } from './evaluation-table.ts';

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
  assert.doesNotMatch(evaluationTable(reportOf({ reward: null })), /reward/i);
  assert.match(evaluationTable(reportOf({ concurrency: 8 })), /8 lines at a time, which slow one another/);
});

test('the picture is sound XML with a dot for each strategy that has figures', () => {
  for (const report of [reportOf(), reportOf({ reward: null }), reportOf({}, { strategies: [NOTHING] })]) {
    const svg = evaluationPlot(report);
    const open: string[] = [];
    for (const [, close, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (close) assert.equal(open.pop(), name);
      else if (!self) open.push(name!);
    }
    assert.deepEqual(open, []);
    assert.equal(svg.match(/<circle/g)?.length ?? 0, report.tasks[0]!.strategies.length === 1 ? 0 : 2);
    assert.doesNotMatch(svg, /NaN|undefined|null/);
  }
});

test('the picture puts more time to the right, and a greater reward higher', () => {
  const strategies = [FIRST, strategy('wsd', { reward: { mean: 3, interval: null, rewarded: 10 } })];
  const dots = [...evaluationPlot(reportOf({}, { strategies })).matchAll(/<circle cx="([^"]*)" cy="([^"]*)"/g)];
  const [[x1, y1], [x2, y2]] = dots.map(([, x, y]) => [Number(x), Number(y)]) as [[number, number], [number, number]];
  assert.ok(x1 < x2 && y1 > y2);
});

test('no text leaves the picture, and its ticks are round', () => {
  const strategies = [
    FIRST,
    strategy('best-of-n(n=10)'),
    strategy('recheck(reward=-2.5)', { timeRatio: { ...spread(5.8), pairs: 3 } }),
  ];
  const svg = evaluationPlot(
    reportOf({ reward: 'a/very/long/path/of/a/model/that/judges.gguf#head=x' }, { strategies }),
  );
  assertTextInside(svg);
  const ticks = [...svg.matchAll(/text-anchor="middle">([\d.]+)</g)].map(([, tick]) => Number(tick));
  assert.deepEqual(ticks, [0, 2, 4, 6]);
  assert.match(svg, /time for a token, over that of base: median and quartiles/);
});

test('measures of a benchmark have their interval, errors and difference beside them', () => {
  const summary = { value: 0.25, interval: [0.1, 0.5] as [number, number], graded: 8, errorRate: 0.2 };
  const strict = {
    ...{ name: 'strict', kind: 'share' as const, by: 'rules', ...summary },
    errorsAsWorst: { value: 0.2, interval: [0.08, 0.4] as [number, number] },
    versusFirst: null,
  };
  const versusFirst = { difference: -0.05, interval: [-0.2, 0.1] as [number, number], p: 0.0004, items: 8 };
  const diversity = { distinct1: 0.5, distinct2: 0.75, sameResponse: null };
  const task = {
    name: 'gsm8k',
    benchmark: { name: 'gsm8k', version: '1', form: 'gsm8k-4-shot 1', items: 10, samples: 1 },
    choices: { by: 'tiny', mc1: { ...summary, errorsAsWorst: null }, mc2: { ...summary, errorsAsWorst: null } },
    strategies: [
      strategy('base', { measures: [strict], diversity }),
      strategy('wsd', { measures: [{ ...strict, versusFirst }], diversity }),
    ],
  };
  const table = evaluationTable(reportOf({}, task));
  assert.match(table, /^base +25\.0% +10\.0% to 50\.0% +8 \(20\.0% failed\) +20\.0%$/m);
  assert.match(table, /^wsd .* -5\.0% +-20\.0% to 10\.0% +< 0\.001$/m);
  assert.match(table, /^10 items, version 1, form gsm8k-4-shot 1; graded by rules\.$/m);
  assert.match(table, /^mc1 +25\.0%/m);
  assert.match(table, /^base +50\.0% +75\.0%$/m);
});
