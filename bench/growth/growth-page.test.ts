import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthPage } from './growth-page.ts';
import { growthPlot } from './growth-plot.ts';
import { type GrowthSeries, pointOf, spreadOf } from './series.ts';

const series: GrowthSeries = {
  name: 'window',
  title: 'Window of the criterion',
  x: 'window (w)',
  note: 'A note.',
  run: { prompts: 3, cores: 2 },
  points: [
    pointOf(1, { firstTokenMs: [100, 120, 140], acceptance: [Number.NaN, Number.NaN] }),
    pointOf(6, { firstTokenMs: [1000, 1234.5, 1500], acceptance: [0.25, Number.NaN] }),
  ],
};

test('a spread is the median and the middle half of what exists', () => {
  assert.deepEqual(spreadOf([4, 1, Number.NaN, 3, 2, 5]), { median: 3, lower: 2, upper: 4, runs: 5 });
  assert.equal(spreadOf([Number.NaN, Infinity]), undefined);
});

test('a table has a row for each place, and nothing where nothing was measured', () => {
  const page = growthPage([series]);
  assert.match(page, /Measured with prompts 3, cores 2\./);
  assert.match(page, /!\[Window of the criterion\]\(growth\/window\.svg\)/);
  assert.match(page, /\| window \(w\) \| first token, ms \| acceptance of proposals \|/);
  assert.match(page, /\| 1 \| 120 \(110 to 130\) \| {2}\|/);
  assert.match(page, /\| 6 \| 1235 \(1117 to 1367\) \| 0\.25 \|/);
});

test('a picture has a panel for each metric, without a browser', async () => {
  const svg = await growthPlot(series);
  assert.match(svg, /^<svg[^>]*xmlns/);
  for (const text of ['Window of the criterion', 'first token, ms', 'acceptance of proposals', 'window (w)'])
    assert.ok(svg.includes(text), text);
  assert.ok(!svg.includes('NaN'));
});
