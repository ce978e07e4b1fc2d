import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { EXPLAINED } from './explained.ts';
import { mutantsOf } from './mutants-of.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const wordsOf = (source: string) => mutantsOf('x.ts', source).map(({ words }) => words);

test('a comparison, a number, a default, a call and a field taken over each have a mutant', () => {
  assert.deepEqual(wordsOf('const x = a <= b;'), ['a <= b → a < b']);
  assert.deepEqual(wordsOf('const x = a ?? b;'), ['a ?? b → (a)', 'a ?? b → (b)']);
  assert.deepEqual(wordsOf('f(1);'), ['f(1); → ;', '1 → (1 + 1)']);
  assert.deepEqual(wordsOf('const x = { ...a };'), ['...a → ...{}']);
  assert.deepEqual(wordsOf('const x = Math.min(a, b);'), ['Math.min → Math.max']);
});

test('types and the words of errors have none, other objects do', () => {
  assert.deepEqual(wordsOf('type X = 1 | true; throw new Error(`${a + 1}`); const x = new RangeError(f(1));'), []);
  assert.deepEqual(wordsOf('const x = new Set([1]);'), ['1 → (1 + 1)']);
});

test('each explanation names a mutant that exists', () => {
  const stale = EXPLAINED.filter(({ path, at, words }) => {
    const mutants = mutantsOf(path, readFileSync(join(ROOT, path), 'utf8'));
    return !mutants.some((mutant) => mutant.at === at && mutant.words === words);
  });
  assert.deepEqual(stale, []);
});
