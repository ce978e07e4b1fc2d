import assert from 'node:assert/strict';
import { test } from 'node:test';

import { terminalPicture } from './terminal-picture.ts';

const CYAN = '\u001b[36m';
const YELLOW = '\u001b[33m';
const PLAIN = '\u001b[0m';
const END = '\u001b[39m';

/** Class, place and text of every piece. */
const pieces = (svg: string) =>
  [...svg.matchAll(/<text class="(\w+)" x="([\d.]+)" y="(\d+)" [^>]*>([^<]*)</g)].map((match) => match.slice(1));

test('each colour of a terminal is drawn at its column, as text', () => {
  const output = `${CYAN}a<b${END}${YELLOW}⟫${END}${PLAIN} c${PLAIN}\r\n`;
  assert.deepEqual(pieces(terminalPicture('wellbegun run "x"', output, 'k = 1')), [
    ['soft', '16', '30', '$ wellbegun run "x"'],
    ['draft', '16', '50', 'a&lt;b'],
    ['mark', '39.4', '50', '⟫'],
    ['base', '47.2', '50', ' c'],
    ['soft', '16', '90', 'k = 1'],
  ]);
});

test('a full line goes on in the next one, and tokens of one colour are one piece', () => {
  const [, first, second] = pieces(terminalPicture('x', `${'a'.repeat(70)}${PLAIN}${'b'.repeat(20)}`, ''));
  assert.deepEqual(first, ['base', '16', '50', 'a'.repeat(70) + 'b'.repeat(10)]);
  assert.deepEqual(second, ['base', '16', '70', 'b'.repeat(10)]);
});

test('a sequence that is no colour is refused', () => {
  assert.throws(() => terminalPicture('x', 'a\u001b[2Kb', ''), /more than colours/);
});
