import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calibration, CalibrationRow } from '../../studies/calibrate/calibrate.ts';
import { assertTextInside } from '../../../test/fixtures/assert-text-inside.ts';
import { calibrationPlot } from './calibration-plot.ts';
import { calibrationTable } from './calibration-table.ts';

function row(form: string, value: number, median: number): CalibrationRow {
  return {
    criterion: form.replace('x', String(value)),
    family: { form, value },
    switched: 3,
    keptTokens: { lowerQuartile: median - 2, median, upperQuartile: median + 2 },
    draftedShare: median / 100,
    timeRatio: 0.5,
  };
}

const CALIBRATION: Calibration = {
  prompts: 4,
  responseTokens: 100,
  costs: { draftPromptMs: 1, basePromptMs: 2, draftMsPerToken: 3, scoreMsPerToken: 4.25, baseMsPerToken: Number.NaN },
  rows: [row('token(x)', 0.9, 20), row('token(x)', 0.5, 10), row('a<b>(x)', 1, 4)],
  leftOut: ['relative'],
};

test('the picture is sound XML with a panel for each family and a dot for each setting', () => {
  const svg = calibrationPlot(CALIBRATION);
  const open: string[] = [];
  for (const [, close, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (close) assert.equal(open.pop(), name);
    else if (!self) open.push(name!);
  }
  assert.deepEqual(open, []);
  assert.equal(svg.match(/<circle/g)?.length, 3);
  assert.ok(svg.includes('token(x)</text>') && svg.includes('a&lt;b&gt;(x)</text>'));
  assert.ok(!svg.includes('NaN'));
});

test('no text leaves the picture', () => {
  const long = row('at-boundary(relative-confidence(x))', 0.999, 20);
  const rows = ['token(x)', 'mean(x)', 'all(x)'].flatMap((form) => [row(form, 0.05, 7), row(form, 0.9999, 20)]);
  assertTextInside(calibrationPlot({ ...CALIBRATION, rows: [...rows, long] }));
});

test('the line goes from the smallest value to the largest, higher where more is kept', () => {
  const [, points] = /<polyline points="([^"]*)"/.exec(calibrationPlot(CALIBRATION))!;
  const [[x1, y1], [x2, y2]] = points!.split(' ').map((point) => point.split(',').map(Number)) as [
    [number, number],
    [number, number],
  ];
  assert.ok(x1 < x2 && y1 > y2);
});

test('the table has a line for each setting, and says what is unknown or left out', () => {
  const lines = calibrationTable(CALIBRATION).split('\n');
  assert.equal(lines[1], 'token(0.9)       3/4  20      18-22   0.20  0.50');
  const text = lines.join('\n');
  assert.match(text, /drafting 3\.0 ms, scoring 4\.3 ms, the base's own unknown/);
  assert.match(text, /Left out, for the record lacks what they need: relative\.$/);
});
