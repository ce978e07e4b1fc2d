import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { arenaWinRate, toArenaBattle } from './arena-battle.ts';
import { parseArenaVerdict } from './arena-verdict.ts';
import { bradleyTerry } from './bradley-terry.ts';
import { parseJudgeRating } from './judge-rating.ts';

suite('a verdict of Arena-Hard', () => {
  test('is read where all labels agree', () => {
    assert.equal(parseArenaVerdict('… so my verdict is: [[A>>B]]'), 'A>>B');
    assert.equal(parseArenaVerdict('[[B>A]] I repeat: [[B>A]].'), 'B>A');
    assert.equal(parseArenaVerdict('[[A=B]]'), 'A=B');
  });

  test('is none where they differ, or there is none that is known', () => {
    for (const judgment of ['[[A>B]] or [[B>A]]', 'A>B', '[[A]]', '[[A>B>C]]', '[[A>>>B]]', '[[A<B]]', ''])
      assert.equal(parseArenaVerdict(judgment), undefined, judgment);
  });

  test('counts thrice when it is strong; the model is B in the first game and A in the second', () => {
    assert.deepEqual(toArenaBattle('B>>A', false), { outcome: 1, weight: 3 });
    assert.deepEqual(toArenaBattle('B>>A', true), { outcome: 0, weight: 3 });
    assert.deepEqual(toArenaBattle('A>B', true), { outcome: 1, weight: 1 });
    assert.deepEqual(toArenaBattle('A>>B', true, 1), { outcome: 1, weight: 1 });
    assert.deepEqual(toArenaBattle('A=B', false), { outcome: 0.5, weight: 1 });
  });
});

suite('Bradley and Terry', () => {
  const battles = [
    { first: 'm', second: 'base', outcome: 1, weight: 3 },
    { first: 'm', second: 'base', outcome: 0, weight: 1 },
    { first: 'base', second: 'm', outcome: 0.5, weight: 1 },
    { first: 'n', second: 'base', outcome: 0, weight: 2 },
    { first: 'n', second: 'base', outcome: 1, weight: 1 },
  ];

  test('against one baseline give each model its mean outcome', () => {
    const ratings = bradleyTerry(battles, { name: 'base', rating: 1000 });
    const chance = (name: string) => 1 / (1 + 10 ** ((1000 - ratings.get(name)!) / 400));
    assert.equal(ratings.get('base'), 1000);
    assert.ok(
      Math.abs(
        chance('m') -
          arenaWinRate([
            { outcome: 1, weight: 3 },
            { outcome: 0, weight: 1 },
            { outcome: 0.5, weight: 1 },
          ]),
      ) < 1e-9,
    );
    assert.ok(Math.abs(chance('n') - 1 / 3) < 1e-9);
  });

  test('stop where a model wins everything', () => {
    const won = bradleyTerry([{ first: 'm', second: 'base', outcome: 1, weight: 1 }], { name: 'base', rating: 1000 });
    assert.ok(Math.abs(won.get('m')! - 5000) < 1e-6);
  });
});

test('a rating of MT-Bench is the first in two brackets, or else in one', () => {
  assert.equal(parseJudgeRating('It is [5] good. Rating: [[7]]'), 7);
  assert.equal(parseJudgeRating('Rating: [[8.5]] or [[3]]'), 8.5);
  assert.equal(parseJudgeRating('Rating: [6]'), 6);
  for (const judgment of ['Rating: 7', '[[seven]]', '[[7/10]]', ''])
    assert.equal(parseJudgeRating(judgment), undefined);
});
