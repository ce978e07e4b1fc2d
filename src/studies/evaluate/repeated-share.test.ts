import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { repeatedShare } from './repeated-share.ts';

suite('repetition', () => {
  test('is the share of passages of four words that were there before', () => {
    assert.equal(repeatedShare('a b c d e f'), 0);
    // abcd bcda cdab dabc abcd: one of five.
    assert.equal(repeatedShare('a b c d a b c d'), 1 / 5);
    assert.equal(repeatedShare('no no no no no no no no no no no no no'), 9 / 10);
  });

  test('white space of any kind and length is the same; fewer than four words have no share', () => {
    assert.equal(repeatedShare(' a\n\nb  c\td a b c d\n'), 1 / 5);
    assert.ok(Number.isNaN(repeatedShare('one two three')) && Number.isNaN(repeatedShare('')));
  });

  test('is from 0 to below 1, and grows when a text is said again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 4, maxLength: 60 }), (words) => {
        const share = repeatedShare(words.join(' '));
        assert.ok(share >= 0 && share < 1);
        assert.ok(repeatedShare([...words, ...words].join(' ')) >= share);
      }),
    );
  });
});
