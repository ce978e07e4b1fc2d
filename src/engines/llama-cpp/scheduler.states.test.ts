import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FakeContext, type FakeOptions } from '../../../test/fixtures/fake-context.ts';
import type { TokenId } from '../../core/language-model.ts';
import { Scheduler } from './scheduler.ts';

const OPTIONS = { contextLength: 1000, sequences: 3, batchTokens: 16, batchRows: 8 };

const text = (first: number, count: number): TokenId[] =>
  Array.from({ length: count }, (_, i) => (first + i) as TokenId);
const histories = (tokens: readonly TokenId[], rowsFrom: number): string[] =>
  tokens.slice(rowsFrom).map((_, i) => tokens.slice(0, rowsFrom + i + 1).join());

suite('states', () => {
  const setUpStates = (options: FakeOptions = {}) => {
    const context = new FakeContext({ capacity: 1000, ...options });
    const scheduler = new Scheduler(context, OPTIONS, { leastShared: 1, head: context });
    const forward = async (tokens: readonly TokenId[], rowsFrom: number, gives: 'logits' | 'states') => {
      const rows: string[] = [];
      const onRow = (_: number, index: number): void =>
        void rows.push(gives === 'states' ? context.state(index) : context.row(index));
      await scheduler.forward({ tokens, rowsFrom, gives, onRow });
      return rows;
    };
    return { context, scheduler, forward };
  };

  test('are given without logits', async () => {
    const { context, forward } = setUpStates();
    assert.deepEqual(await forward(text(0, 9), 5, 'states'), histories(text(0, 9), 5));
    assert.deepEqual(context.outputs, ['states']);
    assert.deepEqual(context.completions, []);
  });

  test('become logits for who wants those of the same pass', async () => {
    const { context, forward } = setUpStates();
    const [states, logits] = await Promise.all([forward(text(0, 4), 2, 'states'), forward(text(100, 3), 2, 'logits')]);
    assert.deepEqual(states, histories(text(0, 4), 2));
    assert.deepEqual(logits, histories(text(100, 3), 2));
    assert.deepEqual(context.outputs, ['states']);
    assert.equal(context.completions.flat().length, 1);
  });

  test('are made logits of where that is faster for their number', async () => {
    const { context, scheduler, forward } = setUpStates({ fasterApart: 5 });
    const outputs: string[] = [];
    for (const [tokens, rowsFrom] of [
      [text(0, 9), 4],
      [text(100, 9), 5],
    ] as const) {
      assert.deepEqual(await forward(tokens, rowsFrom, 'logits'), histories(tokens, rowsFrom));
      outputs.push(scheduler.atHand(tokens, rowsFrom).output);
    }
    assert.deepEqual(context.outputs, ['states', 'logits']);
    assert.deepEqual(context.completions, [[4, 5, 6, 7, 8]]);
    assert.deepEqual(outputs, ['logits', 'logits']);
  });

  test('that are still there become logits without a pass, once', async () => {
    const { context, forward } = setUpStates();
    await forward(text(0, 9), 5, 'states');
    assert.deepEqual(await forward(text(0, 8), 7, 'logits'), histories(text(0, 8), 7));
    assert.deepEqual(await forward(text(0, 8), 7, 'logits'), histories(text(0, 8), 7));
    assert.equal(context.passes.length, 1);
    assert.deepEqual(context.completions, [[7]]);
  });

  test('are not left by a pass that gave logits', async () => {
    const { context, forward } = setUpStates();
    await forward(text(0, 9), 5, 'logits');
    assert.deepEqual(await forward(text(0, 9), 8, 'states'), histories(text(0, 9), 8));
    assert.deepEqual(context.outputs, ['logits', 'states']);
    assert.equal(context.passes.flat().length, 10);
  });

  test('that a pass missed are given by the same pass again', async () => {
    for (const canCut of [true, false]) {
      const outcome = (pass: number) => (pass === 1 ? 'missed' : 'done');
      const { context, forward } = setUpStates({ outcome, canCut });
      await forward(text(0, 4), 3, 'states');
      assert.deepEqual(await forward(text(0, 9), 5, 'states'), histories(text(0, 9), 5));
      assert.equal(context.passes.length, 3);
    }
  });

  test('that can not become logits fail who wants those, and nobody else', async () => {
    const { context, forward } = setUpStates();
    await forward(text(0, 9), 5, 'states');
    context.completeRows = () => Promise.reject(new Error('no logits today'));
    await assert.rejects(forward(text(0, 8), 7, 'logits'), /no logits today/u);
    assert.deepEqual(await forward(text(0, 10), 9, 'states'), histories(text(0, 10), 9));
  });
});
