import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { ConfigError } from '../core/errors.ts';
import { silentProgress } from '../models/pull-progress.ts';
import { loadModels, loadPair } from './load-pair.ts';
import type { ModelSettings } from './model-settings.ts';

suite('what is wrong with a pair', () => {
  let folder: string;
  const pulled: string[] = [];
  const loaded: string[] = [];
  const progress = {
    pull: { ...silentProgress, start: ({ model }: { model: string }) => pulled.push(model) },
    load: (model: string) => {
      loaded.push(model);
      return () => undefined;
    },
  } as unknown as NonNullable<ModelSettings['progress']>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-pair-'));
    process.env['WELLBEGUN_CACHE'] = join(folder, 'cache');
  });
  after(async () => {
    delete process.env['WELLBEGUN_CACHE'];
    await rm(folder, { recursive: true });
  });

  for (const wrong of [
    { threads: 0 },
    { threads: -3 },
    { threads: 1.5 },
    { threads: '2' },
    { threads: 513 },
    { parallel: 0 },
    { parallel: 1.5 },
    { parallel: 129 },
    { context: -5 },
    { context: 1.5 },
    { kvType: 'x' },
    { gpuLayers: -2 },
    { base: 5 },
    { template: 5 },
    { serverTimeoutMs: 0 },
  ]) {
    test(`${JSON.stringify(wrong)} is named`, async () => {
      const [value] = Object.values<unknown>(wrong);
      await assert.rejects(loadPair({ ...wrong, progress } as never), (error) => {
        assert.ok(error instanceof ConfigError, String(error));
        assert.ok(error.message.includes(`not ${JSON.stringify(value)}`), error.message);
        return true;
      });
    });
  }

  test('what is to be reproducible, and is on a server', async () => {
    for (const named of [{ base: 'vllm:http://127.0.0.1:1' }, { draft: 'chat:http://127.0.0.1:1' }]) {
      await assert.rejects(loadPair({ ...named, reproducible: true, progress }), {
        code: 'not-reproducible',
        message: new RegExp(`^reproducible holds .* ${Object.keys(named)[0]} is on a server`),
      });
    }
    assert.deepEqual([pulled, loaded], [[], []]);
  });

  test('a name that is none is found before anything is pulled, with where it was written', async () => {
    await assert.rejects(loadPair({ draft: 'nosuch', progress }), {
      code: 'unknown-model',
      message: /^draft: .*nosuch/,
    });
    const all = ['base', 'draft', 'aligner', 'reward', 'judge'] as const;
    const named = { aligner: 'smollm2-135m-instruct', reward: 'x.gguf', judge: 'nosuch' };
    await assert.rejects(loadModels({ ...named, progress }, all), { message: /^judge: / });
    await assert.rejects(loadModels({ ...named, aligner: 'nosuch', progress }, all), { message: /^aligner: / });
  });

  test('so are a file that is missing and one that is damaged', async () => {
    await assert.rejects(loadPair({ draft: join(folder, 'no.gguf'), progress }), { code: 'model-file-missing' });
    const damaged = join(folder, 'damaged.gguf');
    await writeFile(damaged, 'GGUF and no more');
    await assert.rejects(loadPair({ draft: damaged, progress }), { name: 'ModelFileError', message: /damaged\.gguf/ });
  });

  after(() => assert.deepEqual([pulled, loaded], [[], []]));
});
