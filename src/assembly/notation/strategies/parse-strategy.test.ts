import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelsNeeded, STRATEGY_NAMES, textsAtOnce } from '../../create-strategy.ts';
import { parseStrategy } from './parse-strategy.ts';

test('every strategy is a word of the grammar', () => {
  for (const name of STRATEGY_NAMES) assert.equal(parseStrategy(` ${name} `).name, name);
});

test('numbers are given by name, in order, or not at all', () => {
  assert.deepEqual(parseStrategy('cards').numbers, {});
  assert.deepEqual(parseStrategy('best-of-n(8)').numbers, { n: 8 });
  assert.deepEqual(parseStrategy('args( 5 , weight = 0.5 )').numbers, { k: 5, weight: 0.5 });
  assert.deepEqual(parseStrategy('recheck(reward=-1.5, exchanges=2)').numbers, { reward: -1.5, exchanges: 2 });
});

for (const [text, says] of [
  ['', 'the name of a strategy belongs here'],
  ['best-of-m', 'did you mean best-of-n'],
  ['wsd(1)', 'one number too many; write wsd'],
  ['args(k=0)', 'The k of args must be a whole number of at least 1, not 0'],
  ['args(k=1, k=2)', 'the k of args is given twice'],
  ['args(kk=1)', 'args has no "kk"'],
  ['args(k)', '"=" and a number belong after k'],
  ['args(confidence(6))', 'args has no "confidence"'],
  ['nudging(threshold=1.5)', 'from 0 to 1'],
  ['args(k=5', 'a comma or a closing bracket'],
  ['args(5))', 'nothing may follow'],
  [`args(${' '.repeat(2000)})`, 'at most 1000'],
] as const) {
  test(`${JSON.stringify(text.slice(0, 30))} is refused: ${says}`, () => {
    assert.throws(
      () => parseStrategy(text),
      (error: Error) => error.name === 'ConfigError' && error.message.includes(says) && error.message.endsWith('.'),
    );
  });
}

test('only the models that a strategy works with are loaded', () => {
  assert.deepEqual(modelsNeeded('wsd'), ['base', 'draft']);
  assert.deepEqual(modelsNeeded('best-of-n(2)'), ['base', 'reward']);
  assert.deepEqual(modelsNeeded('aligner', { reward: 'x.gguf' }), ['base', 'aligner']);
  assert.deepEqual(modelsNeeded('recheck'), ['base', 'draft']);
  assert.deepEqual(modelsNeeded('recheck', { reward: 'x.gguf' }), ['base', 'draft', 'reward']);
});

test('samples and candidates have room to be worked on at once', () => {
  assert.deepEqual(['wsd', 'best-of-n', 'best-of-n(9)', 'args(k=3)'].map(textsAtOnce), [1, 4, 9, 3]);
});
