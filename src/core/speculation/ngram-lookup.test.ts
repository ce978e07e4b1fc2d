import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TokenId } from '../token-id.ts';
import { ngramLookup } from './ngram-lookup.ts';

const ids = (...tokens: number[]) => tokens as TokenId[];

test('proposes what followed the last place where the text ended the same way', () => {
  const text = ids(1, 2, 3, 4, 9, 2, 3, 7, 8, 2, 3);
  assert.deepEqual(ngramLookup().propose(text, 3), ids(7, 8, 2));
});

test('a longer match goes before a later one', () => {
  const text = ids(1, 2, 3, 4, 9, 2, 3, 7, 1, 2, 3);
  assert.deepEqual(ngramLookup().propose(text, 1), ids(4));
});

test('where a text goes round in a circle, so does the proposal', () => {
  assert.deepEqual(ngramLookup().propose(ids(9, 1, 2, 3, 1, 2, 3), 7), ids(1, 2, 3, 1, 2, 3, 1));
});

test('a text that does not repeat itself gives nothing, and so does a single token that does', () => {
  assert.deepEqual(ngramLookup().propose(ids(1, 2, 3, 4), 5), []);
  assert.deepEqual(ngramLookup().propose(ids(1, 2, 3, 1), 5), []);
});

test('a growing text gives what it would give at once; another text begins anew', () => {
  const text = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 });
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 8 }), (tokens, other, limit) => {
      const growing = ngramLookup();
      for (let length = 0; length <= tokens.length; length += 3)
        void growing.propose(ids(...tokens.slice(0, length)), limit);
      assert.deepEqual(growing.propose(ids(...tokens), limit), ngramLookup().propose(ids(...tokens), limit));
      assert.deepEqual(growing.propose(ids(9, ...other), limit), ngramLookup().propose(ids(9, ...other), limit));
    }),
  );
});
