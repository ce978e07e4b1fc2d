import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { makeTinyModels } from '../../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { someTokens } from '../../../test/fixtures/tiny-engine.ts';
import type { TokenId } from '../../core/language-model.ts';
import { type BatchEntry, LlamaContext } from './llama-context.ts';
import { NO_STATES } from './native/compute-call.ts';
import { ComputeLane } from './native/compute-lane.ts';
import { openLibrary, type Pointer } from './native/llama-library.ts';

/** 256 is the least that llama.cpp makes. */
const OPTIONS = { contextLength: 256, sequences: 2, batchTokens: 256, batchRows: 4 };

const entries = (count: number, { from = 0, sequence = 0 } = {}): BatchEntry[] =>
  someTokens(count).map((token, i) => ({ token, position: from + i, sequence, row: i === count - 1 }));

suite('a native context', () => {
  const library = openLibrary();
  let directory: string;
  let model: Pointer;
  let lane: ComputeLane;
  let context: LlamaContext;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wellbegun-context-'));
    const { attention } = await makeTinyModels(directory);
    model = (await library.modelLoad(attention, library.modelDefaultParams()))!;
    lane = new ComputeLane(library, 1);
    context = await LlamaContext.open(library, model, lane, OPTIONS);
  });
  afterEach(async () => {
    context.close();
    library.modelFree(model);
    await lane.close();
    await rm(directory, { recursive: true });
  });

  test('gives rows of logits for the entries that want one', async () => {
    assert.equal(await context.decode(entries(10)), 'done');
    const row = context.row(9);
    assert.equal(row.length, library.vocabSize(library.modelVocab(model)));
    assert.ok(row.every(Number.isFinite));
    assert.throws(() => context.row(3), { code: 'no-logits' });
  });

  test('says when the cache is full, and works on when there is room', async () => {
    assert.equal(await context.decode(entries(200)), 'done');
    assert.equal(await context.decode(entries(100, { sequence: 1 })), 'full');
    assert.ok(context.truncate(0, 100));
    assert.equal(await context.decode(entries(100, { sequence: 1 })), 'done');
  });

  test('shares what two sequences begin with, at no cost of cells', async () => {
    await context.decode(entries(200));
    context.share(0, 1, 200);
    assert.equal(
      await context.decode([...entries(5, { from: 200 }), ...entries(5, { from: 200, sequence: 1 })]),
      'done',
    );
    assert.deepEqual(context.row(4), context.row(9));
  });

  test('refuses a token that the vocabulary has not in words', async () => {
    const wrong = [{ ...entries(1)[0]!, token: 1_000_000 as TokenId }];
    const reason = {
      code: 'decode-failed',
      message: /llama\.cpp could not compute the next tokens \(.*invalid token\[0\] = 1000000\)/,
    };
    await assert.rejects(context.decode(wrong), reason);
    assert.equal(await context.decode(entries(5)), 'done');
  });

  // The flag is raised before the native code looks at it for the first time, which it does between its graph's nodes:
  // so this is deterministic, and shows that libc's strlen is asked and believed.
  test('stops the pass that is asked to', async () => {
    const stopped = context.decode(entries(200));
    context.abort();
    assert.equal(await stopped, 'aborted');
    context.truncate(0, 0);
    assert.equal(await context.decode(entries(200)), 'done');
  });

  test('is not stopped by what was to stop an earlier pass', async () => {
    context.abort();
    assert.equal(await context.decode(entries(200)), 'done');
  });

  test('that misses its states says so once, for another try, and fails where it misses them again', async () => {
    const compute = lane.compute.bind(lane);
    lane.compute = () => Promise.resolve({ code: NO_STATES });
    assert.equal(await context.decode(entries(2), 'states'), 'missed');
    await assert.rejects(context.decode(entries(2), 'states'), /no states of the usual name/);
    lane.compute = compute;
    assert.equal(await context.decode(entries(2)), 'done');
  });
});
