import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pairRows } from '../../scripts/size-pairs.ts';
import { catalogue } from '../../src/models/catalogue.ts';
import { readPage } from './code-blocks.ts';

const page = readPage('docs/pairs.md');

test('the page on pairs has the table that npm run size:pairs computes', () => {
  const cells = (line: string) => line.split('|').map((cell) => cell.trim());
  const lines = page.split('\n').map((line) => cells(line).join('|'));
  for (const [i, row] of pairRows().entries()) {
    if (i !== 1) assert.ok(lines.includes(cells(row).join('|')), row);
  }
});

test('the page on pairs has a command with the files of each pair of the catalogue', () => {
  const commands = page.replaceAll(/\\\n\s*/g, '').split('\n');
  for (const { baseFile, draftFile } of catalogue.recommendedPairs) {
    assert.ok(commands.some((line) => line.includes(`--base ${baseFile} --draft ${draftFile} `)));
  }
});
