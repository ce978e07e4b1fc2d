import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { removeModel } from './remove-model.ts';

suite('removeModel', () => {
  let cacheDirectory: string;
  beforeEach(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'wellbegun-rm-'));
  });
  afterEach(() => rm(cacheDirectory, { recursive: true }));

  test('removes the file and what broken downloads left, and nothing else', async () => {
    const path = join(cacheDirectory, 'models/hf/o/r/main/x.gguf');
    await mkdir(dirname(path), { recursive: true });
    for (const name of ['x.gguf', 'x.gguf.partial', 'x.gguf.partial.etag', 'y.gguf']) {
      await writeFile(join(dirname(path), name), 'abc');
    }
    assert.deepEqual(await removeModel('hf:o/r/x.gguf', { cacheDirectory }), { path, sizeBytes: 3 });
    assert.deepEqual(await readdir(dirname(path)), ['y.gguf']);
    assert.equal(await removeModel('hf:o/r/x.gguf', { cacheDirectory }), undefined);
  });

  test('a broken download alone goes too', async () => {
    const partial = join(cacheDirectory, 'models/hf/o/r/main/x.gguf.partial');
    await mkdir(dirname(partial), { recursive: true });
    await writeFile(partial, 'abc');
    assert.equal((await removeModel('hf:o/r/x.gguf', { cacheDirectory }))?.sizeBytes, 0);
    assert.deepEqual(await readdir(dirname(partial)), []);
  });

  test('a file of the user is never touched, and a name must be one', async () => {
    const own = join(cacheDirectory, 'own.gguf');
    await writeFile(own, 'abc');
    await assert.rejects(removeModel(own, { cacheDirectory }), { name: 'ConfigError', code: 'not-in-cache' });
    await assert.rejects(removeModel('gemma', { cacheDirectory }), { code: 'unknown-model' });
    assert.deepEqual(await readdir(cacheDirectory), ['own.gguf']);
  });
});
