import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costPage, type MeasuredPair } from './cost-page.ts';

const pair: MeasuredPair = {
  name: 'a pair',
  costs: {
    draftPromptMs: 10,
    basePromptMs: 20,
    draftMsPerToken: 5,
    baseMsPerToken: 50,
    baseTokensPerDraftToken: 1,
    passes: [
      { tokens: 8, ms: 100 },
      { tokens: 32, ms: 300 },
    ],
  },
  rows: [
    { schedule: 'chunked', k: 16, length: 128, measured: 0.9, predicted: 0.95 },
    { schedule: 'chunked', k: 16, length: 128, measured: 1, predicted: 0.95 },
    { schedule: 'reference', k: 16, length: 128, measured: 2.5, predicted: 2.4 },
  ],
  run: { cores: 2 },
};

test('prediction stands beside measurement, and the pair of the paper is predicted', () => {
  const page = costPage([pair]);
  assert.match(page, /\| a pair \| 5\.0 \| 50\.0 \| 0\.100 \| 10, 20 \| 8: 100, 32: 300 \| 1\.00 \|/);
  assert.match(page, /\| a pair \| chunked \| 12, 16 \| 16 \| 2 \| 128 \| 0\.95 \| 0\.95 \| 0\.93 to 0\.97 \|/);
  assert.match(page, /\| a pair \| reference \| all \| 16 \| 1 \| 128 \| 2\.40 \| 2\.50 \| {2}\|/);
  assert.match(page, /- a pair: cores 2/);
  assert.match(page, /\| 64 \| 512 \| 0\.\d\d \| 0\.\d\d \| \d\.\d\d \| \d\.\d\d \|/);
  assert.match(page, /k = \d+ of 512 tokens/);
});
