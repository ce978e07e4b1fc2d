import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WordWrap } from './word-wrap.ts';

function wrapped(pieces: readonly string[], columns: number): string {
  let shown = '';
  const wrap = new WordWrap(
    (text) => (shown += text),
    () => columns,
  );
  for (const piece of pieces) wrap.write(piece);
  wrap.flush();
  return shown;
}

test('lines break between words, however the text comes in pieces', () => {
  const text = 'Well begun is half done, they say.\n\nAll of it.';
  const lines = 'Well begun \nis half \ndone, they \nsay.\n\nAll of it.';
  assert.equal(wrapped([text], 11), lines);
  assert.equal(wrapped(Array.from(text), 11), lines);
});

test('colours take no room, and a word longer than a line is written all the same', () => {
  assert.equal(
    wrapped(['\u001b[36mone\u001b[39m\u001b[36m two\u001b[39m'], 7),
    '\u001b[36mone\u001b[39m\u001b[36m two\u001b[39m',
  );
  assert.equal(wrapped(['a ', 'x'.repeat(12), ' b'], 10), `a \n${'x'.repeat(10)}${'x'.repeat(2)} b`);
});

test('signs of two columns count as two, and lines may break between those of scripts without blanks', () => {
  assert.equal(wrapped(['你好世界'], 5), '你好\n世界');
});
