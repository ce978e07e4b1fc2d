import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TokenId } from '../../../core/language-model.ts';
import { ConfirmationDesk, type StatesToGuessFrom } from './confirmation-desk.ts';

/** Each state is a number, and the token that follows it ten more. */
function setUp({ turn }: { readonly turn?: <T>(work: () => Promise<T>) => Promise<T> } = {}) {
  const products: string[] = [];
  const follow = (kind: string) => (states: readonly Float32Array[]) => {
    products.push(`${kind} of ${states.length}`);
    return Promise.resolve(states.map(([value]) => (Number.isNaN(value) ? undefined : ((value! + 10) as TokenId))));
  };
  const head = { expect: () => undefined, likelyChoices: follow('likely'), firstChoices: follow('first') };
  return { products, desk: new ConfirmationDesk({ id: 'tiny', head, turn: turn ?? ((work) => work()) }) };
}

/** A text that was at `first`, and has so many guesses pending. */
function visitor(first: number, pending: number, isFull = false) {
  const seen: { likely: readonly TokenId[]; choices: readonly TokenId[] } = { likely: [], choices: [] };
  const visit: StatesToGuessFrom = {
    seen: [],
    states: [Float32Array.of(first)],
    hold(likely) {
      seen.likely = likely;
      return { states: Array.from({ length: pending }, (_, i) => Float32Array.of(first + i)), isFull };
    },
    confirm(choices) {
      seen.choices = choices;
      return { kept: [], ended: false };
    },
  };
  return { seen, visit };
}

suite('a confirmation desk', () => {
  test('guesses for all who come at once, and gives each its own', async () => {
    const { desk, products } = setUp();
    const visitors = [visitor(1, 1), visitor(2, 3)];
    const rounds = await Promise.all(visitors.map(({ visit }) => desk.visit(visit)));
    assert.deepEqual(rounds, [undefined, undefined]);
    assert.deepEqual(products, ['likely of 2']);
    assert.deepEqual(
      visitors.map(({ seen }) => seen.likely),
      [[11], [12]],
    );
  });

  test('confirms the guesses of all as soon as one is full, or there are enough of them', async () => {
    for (const visitors of [
      [visitor(1, 2, true), visitor(20, 3)],
      [visitor(1, 9), visitor(20, 7)],
    ]) {
      const { desk, products } = setUp();
      const rounds = await Promise.all(visitors.map(({ visit }) => desk.visit(visit)));
      assert.ok(rounds.every((round) => round !== undefined));
      assert.equal(products.length, 2);
      assert.deepEqual(visitors[1]!.seen.choices.slice(0, 3), [30, 31, 32]);
    }
  });

  test('fails only the text whose logits are no numbers, guessed or confirmed', async () => {
    const { desk } = setUp();
    const [good, bad] = [visitor(1, 1, true), visitor(NaN, 1, true)];
    for (const pair of [
      [bad, good],
      [good, { ...visitor(2, 1), visit: { ...bad.visit, states: [Float32Array.of(2)] } }],
    ]) {
      const outcomes = await Promise.allSettled(pair.map(({ visit }) => desk.visit(visit)));
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
      assert.equal(reasons.length, 1);
      assert.match(reasons[0]!, /not numbers/u);
    }
    assert.deepEqual(good.seen.choices, [11]);
  });

  test('fails only the text that can not take its tokens', async () => {
    const { desk } = setUp();
    const broken = { ...visitor(1, 1).visit, hold: () => assert.fail('no room') };
    const [failed, fine] = await Promise.allSettled([desk.visit(broken), desk.visit(visitor(2, 1).visit)]);
    assert.equal(failed.status, 'rejected');
    assert.equal(fine.status, 'fulfilled');
  });

  test('leaves it to a single text how many are enough', async () => {
    const { desk, products } = setUp();
    assert.equal(await desk.visit(visitor(1, 40).visit), undefined);
    assert.deepEqual(products, ['likely of 1']);
  });

  test('tells all who wait when the model is closed', async () => {
    const { desk } = setUp({ turn: () => Promise.reject(new Error('closed')) });
    for (const visits of [1, 2].map(() => [desk.visit(visitor(1, 1).visit), desk.visit(visitor(2, 1).visit)])) {
      for (const visit of visits) await assert.rejects(visit, /closed/u);
    }
  });
});
