import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Pair, loadPair } from '../../src/index.ts';
import { makeTinyModels } from '../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { writeRandomModel } from '../random-model/random-model.ts';
import { measureDraftLength } from './measure-settings.ts';
import { promptOfLength } from './prompt-of-length.ts';

let directory: string;
let pair: Pair;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wellbegun-growth-'));
  const tokenizerFrom = (await makeTinyModels(join(directory, 'tiny')))['byte-bpe'];
  const shape = { layers: 2, width: 64, heads: 4, keyValueHeads: 2, headSize: 16, feedForward: 128 };
  const [base, draft] = ['base', 'draft'].map((name) => join(directory, `${name}.gguf`)) as [string, string];
  for (const [seed, path] of [base, draft].entries())
    await writeRandomModel({ path, shape, type: 'Q8_0', seed, tokenizerFrom });
  pair = await loadPair({ base, draft, threads: 1 });
});
after(async () => {
  await pair.close();
  await rm(directory, { recursive: true, force: true });
});

const options = { prompts: ['It rains.', 'It pours.'], maxTokens: 8, threads: 1, progress: () => undefined };

test('a forced draft is as long as was asked for', async () => {
  const { points } = await measureDraftLength(pair, options);
  assert.deepEqual(
    points.map(({ x, metrics }) => [x, metrics['keptDraftTokens']?.median]),
    [8, 16, 32, 64, 128, 256].map((k) => [k, k]),
  );
  for (const { metrics } of points) {
    assert.equal(metrics['ratio']?.runs, 2);
    assert.ok(metrics['msPerToken']!.median > 0 && metrics['firstTokenMs']!.median > 0);
  }
});

test('a prompt has the length that was asked for', async () => {
  for (const length of [1, 7, 40]) {
    const prompt = await promptOfLength(pair.base, 'Rain falls. '.repeat(50), length);
    assert.equal((await pair.base.encode([{ text: prompt, control: false }])).length, length);
  }
});
