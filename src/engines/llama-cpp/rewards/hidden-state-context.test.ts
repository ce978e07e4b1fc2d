import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FakeContext, type FakeOptions } from '../../../../test/fixtures/fake-context.ts';
import type { TokenId } from '../../../core/language-model.ts';
import type { BatchEntry } from '../llama-context.ts';
import { HiddenStateContext } from './hidden-state-context.ts';

/** Remembers for each pass whether hidden states were wanted; a hidden state is the length of its history. */
class FakeStates extends FakeContext {
  readonly wanted: boolean[] = [];
  #wanted = false;

  constructor(options: FakeOptions = {}) {
    super(options);
    this.onPass = () => this.wanted.push(this.#wanted);
  }

  giveHiddenStates(wanted: boolean): void {
    this.#wanted = wanted;
  }

  hiddenState(index: number): Float32Array {
    return Float32Array.of(this.row(index).split(',').length);
  }
}

/** Two sequences of which the last token's row is wanted. */
const entries = (lengths: readonly number[]): BatchEntry[] =>
  lengths.flatMap((length, sequence) =>
    Array.from({ length }, (_, position) => ({
      token: (100 * sequence + position) as TokenId,
      position,
      sequence,
      row: position === length - 1,
    })),
  );

suite('a context of hidden states', () => {
  test('decodes a short batch in one pass, in which every entry gives its row', async () => {
    const context = new FakeStates();
    const states = new HiddenStateContext(context, 1, 8);
    assert.equal(await states.decode(entries([3, 5])), 'done');
    assert.deepEqual(context.wanted, [true]);
    assert.ok(context.passes[0]!.every(({ row }) => row));
    assert.deepEqual([states.hiddenState(2)[0], states.hiddenState(7)[0]], [3, 5]);
  });

  test('decodes of a long batch first what nobody looks at', async () => {
    const context = new FakeStates();
    const states = new HiddenStateContext(context, 1, 8);
    assert.equal(await states.decode(entries([4, 6])), 'done');
    assert.deepEqual(context.wanted, [false, true]);
    assert.deepEqual(
      context.passes.map((pass) => pass.length),
      [8, 2],
    );
    assert.deepEqual([states.hiddenState(3)[0], states.hiddenState(9)[0]], [4, 6]);
  });

  test('needs no second pass where no row is wanted yet', async () => {
    const context = new FakeStates();
    const states = new HiddenStateContext(context, 1, 2);
    await states.decode(entries([9]).slice(0, -1));
    assert.deepEqual(context.wanted, [false]);
  });

  for (const result of ['full', 'aborted'] as const) {
    test(`stops where the first pass ends with "${result}"`, async () => {
      const context = new FakeStates({ outcome: () => result });
      assert.equal(await new HiddenStateContext(context, 1, 2).decode(entries([9])), result);
      assert.equal(context.passes.length, 1);
    });
  }
});
