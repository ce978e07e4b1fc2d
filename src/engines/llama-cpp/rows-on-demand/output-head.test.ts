import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { someTokens } from '../../../../test/fixtures/tiny-engine.ts';
import { makeTinyModels } from '../../../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import type { TokenId } from '../../../core/language-model.ts';
import { LlamaContext } from '../llama-context.ts';
import { loadModel } from '../load-model.ts';
import { createRowReader, type RowReader } from '../log-softmax/row-reader.ts';
import { ComputeLane } from '../native/compute-lane.ts';
import { openLibrary, type Pointer } from '../native/llama-library.ts';
import { Vocabulary } from '../vocabulary.ts';
import { mayLeaveOutLogits, openOutputHead } from './open-output-head.ts';
import type { OutputHead } from './output-head.ts';
import type { ShortlistSize } from './shortlist.ts';

const OPTIONS = { contextLength: 128, sequences: 1, batchTokens: 64, partTokens: 8, batchRows: 32, givesStates: true };
/** Small, so that most tokens are seen ones and make room for one another. */
const SHORTLIST = { first: 40, seen: 24 };

suite('an output head', () => {
  const library = openLibrary();
  const tokens = someTokens(24);
  let directory: string;
  let lane: ComputeLane;
  let model: Pointer;
  let context: LlamaContext;
  let vocabulary: Vocabulary;
  let rows: RowReader & { readonly size: number };
  let head: OutputHead;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wellbegun-head-'));
    const { attention: path } = await makeTinyModels(directory);
    lane = new ComputeLane(library, 1);
    model = await loadModel(library, { path, gpuLayers: 0, repack: false });
    vocabulary = new Vocabulary(library, model, []);
    context = await LlamaContext.open(library, model, lane, OPTIONS);
    rows = { ...createRowReader(vocabulary.size), size: vocabulary.size };
    head = await openHead(SHORTLIST);
  });
  after(async () => {
    head.close();
    context.close();
    library.modelFree(model);
    await lane.close();
    await rm(directory, { recursive: true });
  });

  const openHead = async (size: ShortlistSize): Promise<OutputHead> => {
    context.truncate(0, 0);
    const opened = await openOutputHead({
      id: 'byte-bpe',
      library,
      lane,
      model,
      context,
      vocabulary,
      rows,
      shortlists: { bounds: size, choices: size },
    });
    assert.ok(opened, 'the tiny model has no output head');
    return opened;
  };
  const pass = async (output: 'logits' | 'states') => {
    context.truncate(0, 0);
    const entries = tokens.map((token, position) => ({ token, position, sequence: 0, row: position % 2 === 0 }));
    assert.equal(await context.decode(entries, output), 'done');
    return entries.flatMap(({ row }, index) => (row ? [index] : []));
  };
  /** Logits of a usual pass. */
  const expected = async () => (await pass('logits')).map((index) => context.row(index).slice());
  const states = async () => (await pass('states')).map((index) => context.state(index).slice());

  test('makes the logits of a usual pass, of rows in any order, in passes of several parts', async () => {
    const logits = await expected();
    const indexes = await pass('states');
    await head.completeRows(indexes.toReversed());
    for (const [i, index] of indexes.entries()) assertClose(context.row(index), logits[i]!);
  });

  test('gives logprobs of states that were kept', async () => {
    const logits = await expected();
    const kept = await states();
    const wanted = kept.map((_, i) => ((7 * i) % 250) as TokenId);
    const logprobs = await head.logprobs(kept, wanted);
    for (const [i, logprob] of logprobs.entries()) {
      assert.ok(Math.abs(logprob - rows.logprob(logits[i]!, wanted[i]!)) < 1e-4);
    }
  });

  test('multiplies any number of states', async () => {
    const choices = (await expected()).map((row) => rows.argmax(row));
    const kept = await states();
    for (let count = 1; count <= kept.length; count++) {
      assert.deepEqual(await head.firstChoices(kept.slice(-count)), choices.slice(-count), `${count} states`);
    }
  });

  test('bounds logprobs from above, whichever tokens are on the shortlist', async () => {
    const logits = await expected();
    const kept = await states();
    for (const seed of [1, 2, 3]) {
      const wanted = someTokens(kept.length, seed);
      const bounds = await head.bounds(kept, wanted);
      for (const [i, bound] of bounds.entries()) {
        const exact = rows.logprob(logits[i]!, wanted[i]!);
        assert.ok(bound >= exact && bound <= 0, `${bound} for ${exact}`);
      }
    }
  });

  test('bounds logprobs within a rounding where every token is on the shortlist', async () => {
    const whole = await openHead({ first: 40, seen: rows.size });
    const logits = await expected();
    const kept = await states();
    const all = Array.from({ length: rows.size }, (_, token) => token as TokenId);
    for (let start = 0; start < all.length; start += kept.length) {
      const wanted = all.slice(start, start + kept.length);
      await whole.bounds(kept.slice(0, wanted.length), wanted);
    }
    const wanted = someTokens(kept.length);
    const bounds = await whole.bounds(kept, wanted);
    for (const [i, bound] of bounds.entries()) {
      const exact = rows.logprob(logits[i]!, wanted[i]!);
      assert.ok(bound >= exact && bound <= exact + 0.002, `${bound} for ${exact}`);
    }
    whole.close();
  });

  test('chooses as whole rows do, and guesses what it has seen', async () => {
    const kept = await states();
    const choices = (await expected()).map((row) => rows.argmax(row));
    assert.deepEqual(await head.firstChoices(kept), choices);
    const known = choices.filter((token) => token < SHORTLIST.first);
    head.expect(choices.slice(0, SHORTLIST.seen) as TokenId[]);
    const guesses = await head.likelyChoices(kept);
    assert.ok(known.length < choices.length, 'all choices are at the beginning of the vocabulary');
    assert.deepEqual(guesses, choices);
  });

  test('that has no memory for one of its parts leaves nothing open, and the model goes on without it', async () => {
    for (let room = 0; room < 6; room++) {
      const { graphs } = library;
      const open = { contexts: 0, backends: 0 };
      const notes: string[] = [];
      let inits = 0;
      const counting = {
        ...graphs,
        // The first one is that of `outputMatrixOf`.
        init: (bytes: number) => (inits++ > room ? null : (open.contexts++, graphs.init(bytes))),
        free: (pointer: Pointer) => (open.contexts--, graphs.free(pointer)),
        openBackend: (threads: number, pool: Pointer) => (open.backends++, graphs.openBackend(threads, pool)),
        closeBackend: (pointer: Pointer) => (open.backends--, graphs.closeBackend(pointer)),
      };
      const short = {
        ...library,
        graphs: counting,
        log: { sink: (_: string, note: string) => notes.push(note) },
      };
      context.truncate(0, 0);
      const parts = { id: 'byte-bpe', library: short as never, lane, model, context, vocabulary, rows };
      const opened = await openOutputHead({ ...parts, shortlists: { bounds: SHORTLIST, choices: SHORTLIST } });
      assert.equal(opened === undefined, room < 5, `room for ${room}`);
      opened?.close();
      assert.deepEqual(open, { contexts: 0, backends: 0 }, `room for ${room}`);
      assert.deepEqual(
        notes.map((note) => /byte-bpe come from whole passes.*no memory/u.test(note)),
        room < 5 ? [true] : [],
      );
    }
  });

  test('is not looked for where weights are rearranged, or the matrix is small', () => {
    const ofParameters = (count: number) => ({ ...library, modelParameters: () => count });
    assert.equal(mayLeaveOutLogits(ofParameters(1000), model, { gpuLayers: 0, repack: false }), true);
    assert.equal(mayLeaveOutLogits(ofParameters(1000), model, { gpuLayers: 0, repack: true }), false);
    assert.equal(mayLeaveOutLogits(ofParameters(1e12), model, { gpuLayers: 0, repack: false }), false);
  });
});

function assertClose(actual: Float32Array, expected: Float32Array): void {
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(actual[i]! - value) < 1e-4);
}
