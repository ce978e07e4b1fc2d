import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byteString } from './byte-string.ts';
import { EXAMPLE_TOKENIZERS } from './example-tokenizers.ts';
import { learnMerges } from './learn-merges.ts';
import { mergeTokenizer } from './merge-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { wordTokenizer } from './word-tokenizer.ts';

function split(tokenizer: Tokenizer, text: string): string[] {
  return tokenizer.encode(text).map((token) => new TextDecoder().decode(tokenizer.pieces[token]));
}

test('words: the longest piece that fits, from left to right', () => {
  const tokenizer = wordTokenizer(['a', 'ab', 'abcd', ' c']);
  assert.deepEqual(split(tokenizer, 'abc abcd cab'), ['ab', 'c', ' ', 'abcd', ' c', 'ab']);
});

test('merges: in the order of the list, not of the text', () => {
  const tokenizer = mergeTokenizer({
    merges: [
      ['b', 'c'],
      ['a', 'b'],
      ['a', 'bc'],
    ],
  });
  assert.deepEqual(split(tokenizer, 'abcab'), ['abc', 'ab']);
});

test('merges: none crosses the split, and a sign takes the line ends after it', () => {
  const tokenizer = mergeTokenizer({
    merges: [
      ['t', ' '],
      ['.', '\n'],
      ['.\n', '\n'],
      [' ', 'o'],
      [' ', ' '],
    ],
  });
  assert.deepEqual(split(tokenizer, 't on.\n\n   o'), ['t', ' o', 'n', '.\n\n', '  ', ' o']);
});

test('merges: a split of their own may be given', () => {
  assert.deepEqual(split(mergeTokenizer({ merges: [['t', ' ']], split: /.+/gsu }), 't t '), ['t ', 't ']);
});

test('learned merges are the most frequent pairs, the earliest of equals', () => {
  assert.deepEqual(
    learnMerges('ab ab ab cb', 3).map((pair) => pair.map(byteString)),
    [
      ['a', 'b'],
      [' ', 'ab'],
      [' ', 'c'],
    ],
  );
  assert.deepEqual(learnMerges('', 3), []);
});

for (const [name, tokenizer] of Object.entries(EXAMPLE_TOKENIZERS)) {
  test(`${name}: the tokens' bytes are those of the text`, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = tokenizer
          .encode(text)
          .map((token) => byteString(tokenizer.pieces[token]!))
          .join('');
        assert.equal(bytes, byteString(text));
      }),
    );
  });

  test(`${name}: an emoji is several tokens, on its own at least`, () => {
    assert.ok(tokenizer.encode('🦔').length > 1);
  });
}
