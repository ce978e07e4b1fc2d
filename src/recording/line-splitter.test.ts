import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.ts';
import { isBlank, type TextLine } from './text-line.ts';

function split(chunks: readonly Buffer[], maxBytes?: number): TextLine[] {
  const splitter = new LineSplitter(maxBytes);
  return [...chunks.flatMap((chunk) => [...splitter.push(chunk)]), ...splitter.end()];
}

const texts = (lines: readonly TextLine[]) =>
  lines.map(({ bytes }) => (bytes === undefined ? undefined : Buffer.from(bytes).toString()));

const MARK = '\u{FEFF}';

suite('splitting bytes into lines', () => {
  test('however the bytes are cut, the lines are those of the whole text', () => {
    const piece = fc.constantFrom('a', 'é', '🙂', '\n', '\r\n', '\r', ' ', 'word', '\u2028');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(200), { maxLength: 8 }), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(''));
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        const expected = pieces.join('').split('\n');
        if (expected.at(-1) === '') expected.pop();
        const lines = split(chunks);
        assert.deepEqual(
          texts(lines),
          expected.map((line) => line.replace(/\r$/, '')),
        );
        assert.equal(lines.at(-1)?.endByte ?? 0, bytes.length);
        assert.deepEqual(
          lines.map(({ number }) => number),
          lines.map((_, index) => index + 1),
        );
      }),
    );
  });

  test('a byte order mark is no part of the first line, and only there', () => {
    assert.deepEqual(texts(split([Buffer.from(`${MARK}a\n${MARK}b\n`)])), ['a', `${MARK}b`]);
    const bytes = Buffer.from(`${MARK}a`);
    assert.deepEqual(texts(split([...bytes].map((byte) => Buffer.from([byte])))), ['a']);
  });

  test('a line above the limit has no bytes, and the next one is whole', () => {
    const lines = split([Buffer.from('1234\n12'), Buffer.from('345\n'), Buffer.from('1\n')], 4);
    assert.deepEqual(texts(lines), ['1234', undefined, '1']);
    assert.deepEqual(
      lines.map(({ endByte }) => endByte),
      [5, 11, 13],
    );
  });

  test('only a last line without its end is not whole', () => {
    const isWhole = (text: string) => split([Buffer.from(text)]).map((line) => line.isWhole);
    assert.deepEqual(isWhole('a\nb'), [true, false]);
    assert.deepEqual(isWhole('a\nb\n'), [true, true]);
  });

  test('blank lines are told from others', () => {
    const blank = split([Buffer.from('\n \t\r\nx\n  {}\n')], 3).map(isBlank);
    assert.deepEqual(blank, [true, true, false, false]);
  });
});
