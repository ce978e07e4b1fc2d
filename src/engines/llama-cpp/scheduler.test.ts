import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { FakeContext, type FakeOptions } from '../../../test/fixtures/fake-context.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { DecodeResult } from './llama-context.ts';
import { PassTimes } from './speculation/pass-times.ts';
import { Scheduler } from './scheduler.ts';

const OPTIONS = { contextLength: 1000, sequences: 3, batchTokens: 16, batchRows: 4 };

interface SetupOptions extends FakeOptions, Partial<typeof OPTIONS> {}

function setUp(options: SetupOptions = {}) {
  const context = new FakeContext({ capacity: options.contextLength ?? OPTIONS.contextLength, ...options });
  const scheduler = new Scheduler(
    context,
    { ...OPTIONS, ...options },
    { leastShared: options.canCut === false ? Infinity : 1 },
  );
  /** The rows' histories from `rowsFrom` on. */
  const forward = async (tokens: readonly TokenId[], rowsFrom = tokens.length - 1, signal?: AbortSignal) => {
    const rows: string[] = [];
    const onRow = (_: number, index: number): void => void rows.push(context.row(index));
    await scheduler.forward({ tokens, rowsFrom, onRow, signal });
    return rows;
  };
  const generate = async (prefix: readonly TokenId[], count: number): Promise<void> => {
    const tokens = [...prefix];
    for (let i = 0; i < count; i++) {
      assert.deepEqual(await forward(tokens), [tokens.join()]);
      tokens.push((1000 + i) as TokenId);
    }
  };
  return { context, scheduler, forward, generate };
}

const text = (first: number, count: number): TokenId[] =>
  Array.from({ length: count }, (_, i) => (first + i) as TokenId);
const histories = (tokens: readonly TokenId[], rowsFrom: number): string[] =>
  tokens.slice(rowsFrom).map((_, i) => tokens.slice(0, rowsFrom + i + 1).join());
const computed = (context: FakeContext): number => context.passes.flat().length;

test('notes how long passes took that gave a row for each token', async () => {
  const context = new FakeContext({ capacity: 1000 });
  const noted: number[] = [];
  const passTimes = new PassTimes();
  passTimes.record = (tokens) => void noted.push(tokens);
  const scheduler = new Scheduler(context, OPTIONS, { leastShared: 1, passTimes });
  const forward = (tokens: TokenId[], rowsFrom: number) =>
    scheduler.forward({ tokens, rowsFrom, onRow: () => undefined });
  await forward(text(0, 5), 4);
  await forward(text(0, 8), 5);
  await Promise.all([forward(text(0, 9), 8), forward(text(100, 1), 0)]);
  assert.deepEqual(noted, [3, 2]);
});

test('says what a pass had to compute beside proposals', async () => {
  const { scheduler, forward } = setUp({ batchRows: 8 });
  assert.deepEqual(scheduler.lastLoad, { tokens: 1, writers: 1 });
  await Promise.all([forward(text(0, 5), 4), forward(text(100, 5), 4), forward(text(200, 5), 4)]);
  const guessing = scheduler.forward({ tokens: text(0, 8), rowsFrom: 5, guesses: 2, onRow: () => undefined });
  await Promise.all([guessing, forward(text(100, 6), 5), forward(text(200, 7), 5)]);
  assert.deepEqual(scheduler.lastLoad, { tokens: 4, writers: 2 });
});

suite('a batch', () => {
  test('has at most batchTokens tokens and batchRows rows', async () => {
    const { context, forward } = setUp();
    assert.deepEqual(await forward(text(0, 50), 20), histories(text(0, 50), 20));
    for (const entries of context.passes) {
      assert.ok(entries.length <= 16);
      assert.ok(entries.filter(({ row }) => row).length <= 4);
    }
    assert.equal(computed(context), 50);
    assert.equal(context.passes.length, 1 + 1 + 7);
  });

  test('takes in all that is waiting, the single next tokens first', async () => {
    const { context, forward } = setUp();
    await Promise.all([forward(text(0, 5)), forward(text(100, 5))]);
    assert.equal(context.passes.length, 1);
    await Promise.all([forward(text(200, 30)), forward(text(0, 6)), forward(text(100, 6))]);
    assert.deepEqual(
      context.passes.slice(1).map((entries) => entries.length),
      [16, 16],
    );
    assert.equal(context.passes[1]!.filter(({ row }) => row).length, 2);
  });

  test('takes in first what the last ones had no room for', async () => {
    const { context, forward } = setUp({ sequences: 9 });
    const starts = Array.from({ length: 8 }, (_, i) => 100 * i);
    let over = false;
    const writing = starts.map(async (start) => {
      for (let length = 1; !over && length < 40; length++) await forward(text(start, length));
    });
    await forward(text(1000, 8), 2);
    const passesNeeded = context.passes.length;
    over = true;
    await Promise.all(writing);
    assert.ok(passesNeeded < 20, `${passesNeeded} passes`);
  });

  test('is chosen when no other model computes any more', async () => {
    const { context, forward } = setUp();
    const other = Promise.withResolvers<undefined>();
    context.otherModel = other.promise;
    const left = new AbortController();
    const abandoned = forward(text(50, 5), 4, left.signal);
    const first = forward(text(0, 5));
    await nextTurn();
    left.abort();
    const second = forward(text(100, 5));
    await assert.rejects(abandoned, { name: 'AbortError' });
    other.resolve(undefined);
    await Promise.all([first, second]);
    assert.deepEqual(
      context.passes.map((entries) => entries.length),
      [10],
    );
  });

  test('is shared by generations that go on together', async () => {
    const { context, generate } = setUp();
    await Promise.all([generate(text(0, 3), 10), generate(text(100, 3), 10), generate(text(200, 3), 10)]);
    assert.equal(context.passes.length, 10);
  });

  test('gives live rows to who asks next without another pass', async () => {
    const { context, forward } = setUp();
    await forward(text(0, 10), 8);
    assert.deepEqual(await forward(text(0, 10), 8), histories(text(0, 10), 8));
    assert.equal(context.passes.length, 1);
    assert.deepEqual(await forward(text(0, 12), 9), histories(text(0, 12), 9));
    assert.equal(computed(context), 12);
  });
});

suite('the sequences', () => {
  test('are not taken from running generations by newcomers', async () => {
    const { context, generate } = setUp();
    await Promise.all(Array.from({ length: 9 }, (_, i) => generate(text(100 * i, 10), 5)));
    assert.equal(computed(context), 9 * 14);
  });

  test('take turns where they do not fit the cache together', async () => {
    const { context, generate } = setUp({ contextLength: 40 });
    await Promise.all([generate(text(0, 15), 10), generate(text(100, 25), 5), generate(text(200, 20), 15)]);
    assert.ok(context.passes.length < 60, `${context.passes.length} passes`);
  });

  test('that are idle make room', async () => {
    const { context, forward } = setUp({ contextLength: 40 });
    await forward(text(0, 30));
    await forward(text(100, 30));
    assert.deepEqual([context.tokens(0).length, context.tokens(1).length].sort(), [0, 30]);
  });

  test('that can never fit are refused', async () => {
    const { context, forward } = setUp({ contextLength: 40 });
    await assert.rejects(forward(text(0, 41)), { name: 'ContextOverflowError', code: 'context-full' });
    assert.equal(context.passes.length, 0);
    const smaller = setUp({ capacity: 30 });
    await assert.rejects(smaller.forward(text(0, 35)), { code: 'context-full' });
    assert.equal((await smaller.forward(text(0, 20))).length, 1);
  });
});

suite('an abort', () => {
  test('of a waiting request never reaches the model', async () => {
    const { context, forward } = setUp({ sequences: 1 });
    const controller = new AbortController();
    const first = forward(text(0, 40));
    const second = forward(text(100, 5), 4, controller.signal);
    context.onPass = () => controller.abort(new Error('never mind'));
    await assert.rejects(second, { message: 'never mind' });
    await first;
    assert.equal(computed(context), 40);
    assert.equal(context.aborts, 0);
  });

  test('before the request is at once', async () => {
    const { context, forward } = setUp();
    await assert.rejects(forward(text(0, 5), 4, AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(context.passes.length, 0);
  });

  test('of one running request lets the others of its batch go on', async () => {
    const { context, forward } = setUp();
    const controller = new AbortController();
    context.onPass = () => controller.abort();
    const aborted = forward(text(0, 40), 39, controller.signal);
    const kept = forward(text(100, 8));
    await assert.rejects(aborted, { name: 'AbortError' });
    assert.deepEqual(await kept, histories(text(100, 8), 7));
    assert.equal(context.aborts, 0);
    assert.deepEqual(await forward(text(0, 40)), histories(text(0, 40), 39));
  });

  test('of all running requests stops the pass', async () => {
    const { context, forward } = setUp();
    const controller = new AbortController();
    context.onPass = () => controller.abort();
    const requests = [forward(text(0, 10), 9, controller.signal), forward(text(100, 10), 9, controller.signal)];
    for (const { status } of await Promise.allSettled(requests)) assert.equal(status, 'rejected');
    assert.equal(context.aborts, 1);
    context.onPass = () => undefined;
    assert.deepEqual(await forward(text(0, 12), 5), histories(text(0, 12), 5));
  });

  test('leaves no listener on its signal', async () => {
    const { forward } = setUp();
    const { signal } = new AbortController();
    for (let i = 0; i < 1000; i++) await forward(text(i % 7, 3), 2, signal);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});

suite('a failure', () => {
  test('of a pass rejects the requests in its batch only, and the cache stays right', async () => {
    const { forward } = setUp({ outcome: (pass) => (pass === 0 ? new Error('broken') : 'done') });
    const [first, second, third] = [forward(text(0, 8)), forward(text(100, 8)), forward(text(200, 30))];
    await assert.rejects(first, { message: 'broken' });
    await assert.rejects(second, { message: 'broken' });
    assert.deepEqual(await third, histories(text(200, 30), 29));
    assert.deepEqual(await forward(text(0, 8)), histories(text(0, 8), 7));
  });

  test('of a reader rejects its request only', async () => {
    const { scheduler, forward } = setUp();
    const onRow = (): void => {
      throw new Error('unreadable');
    };
    const broken = scheduler.forward({ tokens: text(0, 5), rowsFrom: 0, onRow });
    const good = forward(text(100, 5));
    await assert.rejects(broken, { message: 'unreadable' });
    await good;
  });
});

suite('closing', () => {
  test('rejects all requests, stops the pass, and waits for its end', async () => {
    const { context, scheduler, forward } = setUp({ sequences: 1 });
    const requests = [forward(text(0, 40)), forward(text(100, 5))];
    const settled = Promise.allSettled(requests);
    while (context.passes.length === 0) await nextTurn();
    await scheduler.close();
    assert.equal(context.aborts, 1);
    for (const result of await settled) {
      assert.equal(result.status === 'rejected' && (result.reason as { code: string }).code, 'model-closed');
    }
    assert.equal(context.passes.length, 1);
    await assert.rejects(forward(text(0, 1)), { code: 'model-closed' });
  });

  test('an idle one is at once', () => setUp().scheduler.close());
});

const RESULTS: readonly DecodeResult[] = ['done', 'aborted', 'full'];

test('any requests get the rows of their own histories, whatever happens to the passes', async () => {
  const request = fc.record({
    tokens: fc.array(fc.constantFrom(...text(0, 3)), { minLength: 1, maxLength: 30 }),
    rows: fc.integer({ min: 1, max: 8 }),
    turns: fc.nat(20),
    abortAfter: fc.option(fc.nat(10)),
  });
  const outcomes = fc.array(fc.constantFrom(...RESULTS, 'done' as const, 'failed' as const), { maxLength: 10 });
  const scenario = fc.record({ requests: fc.array(request, { maxLength: 12 }), outcomes, canCut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ requests, outcomes, canCut }) => {
      const outcome = (pass: number) => {
        const result = outcomes[pass] ?? 'done';
        return result === 'failed' ? new Error('failed') : result;
      };
      const { scheduler, forward } = setUp({ contextLength: 40, canCut, outcome });
      await Promise.all(
        requests.map(async ({ tokens, rows, turns, abortAfter }) => {
          for (let i = 0; i < turns; i++) await nextTurn();
          const controller = new AbortController();
          const rowsFrom = Math.max(0, tokens.length - rows);
          const given = forward(tokens, rowsFrom, controller.signal);
          const check = given.then(
            (actual) => assert.deepEqual(actual, histories(tokens, rowsFrom)),
            (error: unknown) => assert.match(String(error), /failed|aborted|does not fit/),
          );
          for (let i = 0; i < (abortAfter ?? 0); i++) await nextTurn();
          if (abortAfter !== null) controller.abort();
          await check;
        }),
      );
      await scheduler.close();
    }),
    { numRuns: 150 },
  );
});
