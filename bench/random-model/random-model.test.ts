import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadPair } from '../../src/index.ts';
import { checkGgufFile } from '../../src/models/index.ts';
import { makeTinyModels } from '../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { respond } from '../respond.ts';
import { parameterCount, type RandomModelOptions, writeRandomModel } from './random-model.ts';

const SHAPE = { layers: 2, width: 64, heads: 4, keyValueHeads: 2, headSize: 16, feedForward: 128 };

let directory: string;
let tokenizerFrom: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wellbegun-random-'));
  tokenizerFrom = (await makeTinyModels(join(directory, 'tiny')))['byte-bpe'];
});
after(() => rm(directory, { recursive: true, force: true }));

function options(name: string, more: Partial<RandomModelOptions> = {}): RandomModelOptions {
  const path = join(directory, `${name}.gguf`);
  return { path, shape: SHAPE, type: 'Q4_0', seed: 1, tokenizerFrom, ...more };
}

test('a random model of each type passes the check of its header', async () => {
  for (const type of ['Q4_0', 'Q8_0'] as const) {
    const model = options(`header-${type}`, { type });
    await writeRandomModel(model);
    const header = await checkGgufFile(model.path);
    const weights = header.tensors.filter(({ dimensions }) => dimensions.length === 2);
    const vocabularySize = header.tensors[0]!.dimensions[1]!;
    const count = weights.reduce((sum, { dimensions }) => sum + dimensions[0]! * dimensions[1]!, 0);
    assert.equal(count, parameterCount(SHAPE, vocabularySize));
  }
});

test('the same seed writes the same file, another seed another one', async () => {
  const [one, same, other] = [
    options('one'),
    options('one', { path: join(directory, 'same', 'one.gguf') }),
    options('two', { seed: 2 }),
  ];
  for (const each of [one, same, other]) await writeRandomModel(each);
  const [a, b, c] = await Promise.all([one, same, other].map(({ path }) => readFile(path)));
  assert.ok(a!.equals(b!));
  assert.ok(!a!.equals(c!));
});

test('a vocabulary is cut to its first tokens', async () => {
  const model = options('cut', { vocabularySize: 256 });
  await writeRandomModel(model);
  const { tensors } = await checkGgufFile(model.path);
  assert.deepEqual(tensors.find(({ name }) => name === 'token_embd.weight')?.dimensions, [64, 256]);
});

test('it writes as many tokens as were asked for, as a base and as a draft', async () => {
  const model = options('pair');
  await writeRandomModel(model);
  const pair = await loadPair({ base: model.path, draft: model.path, context: 256, threads: 1 });
  const trace = await respond(pair, { prompt: 'It rains.', criterion: 'fixed(10)', maxDraft: 32, maxTokens: 20 });
  await pair.close();
  assert.equal(trace.usage.keptDraftTokens, 10);
  assert.equal(trace.usage.baseTokens, 20);
});

test('a file that is there is left alone', async () => {
  const model = options('kept');
  await writeRandomModel(model);
  const before = await stat(model.path);
  await writeRandomModel({ ...model, seed: 9 });
  assert.equal((await stat(model.path)).mtimeMs, before.mtimeMs);
});
