import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenId } from '../../../core/token-id.ts';
import { PassTimes } from './pass-times.ts';
import { ProposalPlanner } from './proposal-planner.ts';
import type { TokenProposer } from '../../../core/speculation/token-proposer.ts';

const TEXT = [1, 2, 3] as TokenId[];

/** Scoring is nearly free beside generating, as on a large base. */
function largeBase(): PassTimes {
  const times = new PassTimes();
  for (const tokens of [1, 2, 5, 9, 17]) for (let i = 0; i < 4; i++) times.record(tokens, 100 + tokens);
  return times;
}

/** As on the default pair: a pass of four tokens takes twice the time of one. */
function smallBase(): PassTimes {
  const times = new PassTimes();
  for (const tokens of [1, 2, 5, 9, 17]) for (let i = 0; i < 4; i++) times.record(tokens, 14 + 4 * (tokens - 1));
  return times;
}

function guesses(name: string, msPerToken: number, guess: number | undefined) {
  let asked = 0;
  const proposer: TokenProposer = {
    name,
    msPerToken,
    propose(_, limit) {
      asked++;
      return guess === undefined ? [] : Array.from({ length: limit }, () => guess as TokenId);
    },
  };
  return { proposer, asked: () => asked };
}

test('a draft pays beside a large base, and is left alone beside a small one', async () => {
  const beside = async (times: PassTimes, msPerToken: number) =>
    (await new ProposalPlanner(times, [guesses('draft', msPerToken, 7).proposer]).propose(TEXT, { most: 20 })).length;
  assert.ok((await beside(largeBase(), 5)) > 3);
  assert.equal(await beside(smallBase(), 8), 0);
});

test('a draft beside a small base is never even tried', async () => {
  const draft = guesses('draft', 8, 7);
  const planner = new ProposalPlanner(smallBase(), [draft.proposer]);
  for (let round = 0; round < 1000; round++) planner.record((await planner.propose(TEXT, { most: 20 })).length, 0);
  assert.equal(draft.asked(), 0);
});

test('a free proposer goes first, a draft where that has no guess', async () => {
  const planner = (lookup: TokenProposer) =>
    new ProposalPlanner(largeBase(), [guesses('draft', 5, 7).proposer, lookup]).propose(TEXT, { most: 20 });
  assert.equal((await planner(guesses('look-up', 0, 8).proposer))[0], 8);
  assert.equal((await planner(guesses('look-up', 0, undefined).proposer))[0], 7);
});

test('whose guesses hold goes before whose do not', async () => {
  const planner = new ProposalPlanner(largeBase(), [guesses('wrong', 0, 8).proposer, guesses('right', 5, 7).proposer]);
  for (let round = 0; round < 30; round++) {
    const proposed = await planner.propose(TEXT, { most: 20 });
    planner.record(proposed.length, proposed[0] === 7 ? proposed.length : 0);
  }
  assert.equal((await planner.propose(TEXT, { most: 20 }))[0], 7);
});

test('a draft that turns out slower than it was is dropped', async () => {
  const slow = {
    ...guesses('draft', 5, 7).proposer,
    propose: () => new Promise<TokenId[]>((resolve) => setTimeout(() => resolve([7 as TokenId]), 30)),
  };
  const times = new PassTimes();
  for (const tokens of [1, 2, 5, 9, 17]) for (let i = 0; i < 4; i++) times.record(tokens, 20 + tokens);
  const planner = new ProposalPlanner(times, [{ ...slow, msPerToken: 1 }]);
  let rounds = 0;
  while ((await planner.propose(TEXT, { most: 20 })).length > 0 && rounds++ < 40) planner.record(1, 1);
  assert.ok(rounds < 40, 'it is still asked');
});

test('no more than the limit, and nothing for none', async () => {
  const planner = new ProposalPlanner(largeBase(), [guesses('look-up', 0, 8).proposer]);
  assert.equal((await planner.propose(TEXT, { most: 2 })).length, 2);
  assert.deepEqual(await planner.propose(TEXT, { most: 0 }), []);
});
