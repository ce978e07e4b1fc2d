import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeContext } from '../../../test/fixtures/fake-context.ts';
import type { TokenId } from '../../core/language-model.ts';
import { SequenceSlots } from './sequence-slots.ts';

const text = (first: number, count: number): TokenId[] =>
  Array.from({ length: count }, (_, i) => (first + i) as TokenId);

/** Slots that hold these texts, the first one used first. */
async function slotsWith(
  texts: readonly (readonly TokenId[])[],
  { canCut = true, count = texts.length, leastShared = 1 } = {},
) {
  const context = new FakeContext({ canCut });
  const slots = new SequenceSlots(count, context, { leastShared: canCut ? leastShared : Infinity });
  const taken = texts.map((tokens) => ({ slot: slots.acquire([])!, tokens }));
  for (const { slot, tokens } of taken) {
    await context.decode(tokens.map((token, position) => ({ token, position, sequence: slot.sequence, row: false })));
    slot.tokens.push(...tokens);
    slots.release(slot);
  }
  return { slots, context };
}

test('the longest common prefix wins', async () => {
  const { slots } = await slotsWith([text(0, 5), text(0, 20), [...text(0, 10), ...text(90, 3)]]);
  assert.deepEqual(slots.acquire(text(0, 30))!.tokens, text(0, 20));
});

test('a small rewind stays in its slot, and is cut by the caller', async () => {
  const { slots, context } = await slotsWith([text(0, 100), text(500, 100)]);
  const slot = slots.acquire(text(0, 60))!;
  assert.equal(slot.tokens.length, 100);
  slots.truncate(slot, 60);
  assert.deepEqual(slot.tokens, text(0, 60));
  assert.deepEqual(context.tokens(slot.sequence), text(0, 60));
});

test('a short conversation that only begins alike gets a slot of its own', async () => {
  const { slots } = await slotsWith([text(0, 30)], { count: 2 });
  const slot = slots.acquire([...text(0, 6), ...text(700, 20)])!;
  assert.deepEqual(slot.tokens, text(0, 6));
  assert.deepEqual(slots.acquire(text(0, 40))!.tokens, text(0, 30));
});

test('a branch far back shares the beginning and leaves the other conversation whole', async () => {
  const { slots, context } = await slotsWith([text(0, 200), text(500, 100)]);
  const slot = slots.acquire([...text(0, 50), ...text(700, 10)])!;
  assert.deepEqual(slot.tokens, text(0, 50));
  assert.deepEqual(context.tokens(slot.sequence), text(0, 50));
  assert.deepEqual(slots.acquire(text(0, 201))!.tokens, text(0, 200));
});

test('a new conversation takes the slot that was not used for longest', async () => {
  const { slots } = await slotsWith([text(0, 150), text(300, 200), text(600, 180)]);
  const first = slots.acquire(text(0, 151))!;
  slots.release(first);
  slots.acquire(text(900, 10));
  assert.deepEqual(slots.acquire(text(600, 181))!.tokens, text(600, 180));
  assert.deepEqual(slots.acquire(text(0, 151))!.tokens, text(0, 150));
});

test('the shortest of strange conversations is no better than the oldest', async () => {
  const { slots } = await slotsWith([text(0, 100), text(300, 200)]);
  slots.acquire(text(900, 10));
  assert.deepEqual(slots.acquire(text(300, 201))!.tokens, text(300, 200));
});

test('busy slots are nobody else’s', async () => {
  const { slots } = await slotsWith([text(0, 5), text(100, 5)]);
  const first = slots.acquire(text(0, 6))!;
  assert.ok(!slots.holdsMostOf(text(0, 6)));
  assert.ok(slots.holdsMostOf(text(100, 6)));
  const second = slots.acquire(text(0, 6))!;
  assert.notEqual(first.sequence, second.sequence);
  assert.equal(slots.acquire(text(0, 6)), undefined);
  slots.release(second);
  assert.equal(slots.acquire(text(0, 6)), second);
});

test('what a busy slot has computed is shared by those that begin like it', async () => {
  const { slots, context } = await slotsWith([text(0, 80)], { count: 3 });
  const first = slots.acquire([...text(0, 80), ...text(900, 1)])!;
  assert.deepEqual(first.tokens, text(0, 80));
  const second = slots.acquire([...text(0, 60), ...text(800, 5)])!;
  assert.notEqual(second.sequence, first.sequence);
  assert.deepEqual([second.tokens, context.tokens(second.sequence)], [text(0, 60), text(0, 60)]);
  assert.deepEqual(slots.acquire(text(500, 10))!.tokens, []);
  assert.deepEqual(context.tokens(first.sequence), text(0, 80));
});

test('a memory that cannot be cut is forgotten whole, and never shared', async () => {
  const { slots, context } = await slotsWith([text(0, 100), text(500, 100)], { canCut: false });
  const slot = slots.acquire(text(0, 60))!;
  slots.truncate(slot, 60);
  assert.deepEqual([slot.tokens, context.tokens(slot.sequence)], [[], []]);
  slots.release(slot);
  assert.deepEqual(slots.acquire([...text(500, 10), ...text(900, 10)])!.tokens, []);
});

test('eviction takes the oldest idle slot, until none is left', async () => {
  const { slots, context } = await slotsWith([text(0, 5), text(100, 5), text(200, 5)]);
  slots.acquire(text(0, 6));
  const lengths = () => [0, 1, 2].map((sequence) => context.tokens(sequence).length);
  assert.ok(slots.evictOne());
  assert.deepEqual(lengths(), [5, 0, 5]);
  assert.ok(slots.evictOne());
  assert.deepEqual(lengths(), [5, 0, 0]);
  assert.ok(!slots.evictOne());
});

test('rows live until the next pass or until they are cut', async () => {
  const { slots } = await slotsWith([text(0, 10)]);
  const slot = slots.acquire(text(0, 10))!;
  for (const position of [7, 8, 9]) slot.rows.set(position, position);
  slots.truncate(slot, 8);
  assert.deepEqual([...slot.rows.keys()], [7]);
  slots.forgetRows();
  assert.equal(slot.rows.size, 0);
});

test('what begins like a busy one takes that from it, and leaves it as it is', async () => {
  const { slots, context } = await slotsWith([text(0, 100)], { count: 3 });
  const busy = slots.acquire(text(0, 101))!;
  const beside = slots.acquire([...text(0, 60), ...text(700, 5)])!;
  assert.deepEqual([beside.tokens, context.tokens(beside.sequence)], [text(0, 60), text(0, 60)]);
  slots.truncate(beside, 30);
  assert.deepEqual([busy.tokens, context.tokens(busy.sequence)], [text(0, 100), text(0, 100)]);
});

test('a beginning is shared from as many tokens on as it is worth', async () => {
  const { slots, context } = await slotsWith([text(0, 200)], { count: 3, leastShared: 64 });
  const short = slots.acquire([...text(0, 63), ...text(700, 10)])!;
  assert.deepEqual(short.tokens, []);
  const long = slots.acquire([...text(0, 64), ...text(800, 10)])!;
  assert.deepEqual(long.tokens, text(0, 64));
  assert.deepEqual(context.tokens(long.sequence), text(0, 64));
});
