import assert from 'node:assert/strict';
import { mkdir, readdir, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { assertVerified } from './assert-verified.ts';
import { wantedFile } from './locate-model.ts';
import { silentProgress } from './pull-progress.ts';
import { pullModel } from './pull-model.ts';
import {
  catalogueEntry,
  payload,
  recordProgress,
  serve,
  serveRanges,
  temporaryFolder,
} from '../../test/fixtures/serve-file.ts';
import { VerifiedFiles } from './verified-files.ts';

const model = catalogueEntry();
const other = Buffer.alloc(payload.length, 7);

async function emptyCache(context: TestContext) {
  const cacheDirectory = await temporaryFolder(context);
  await mkdir(join(cacheDirectory, 'models'));
  return {
    cacheDirectory,
    path: join(cacheDirectory, 'models', 'tiny.gguf'),
    marks: join(cacheDirectory, 'verified-files'),
  };
}

/** Other content that nobody can tell by size and time. */
async function replaceUnseen(path: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  await writeFile(path, other);
  await utimes(path, atime, mtime);
}

test('a catalogue file that was put there by hand is hashed once', async (context) => {
  const { path, marks, ...options } = await emptyCache(context);
  await writeFile(path, payload);
  assert.equal(await pullModel(model, options), path);
  assert.equal((await readdir(marks)).length, 1);
  await replaceUnseen(path);
  assert.equal(await pullModel(model, options), path);
});

test('a file that was pulled is not hashed again', async (context) => {
  const { path, ...options } = await emptyCache(context);
  const env = { HF_ENDPOINT: await serve(context, serveRanges(payload)) };
  await pullModel(model, { ...options, env });
  await replaceUnseen(path);
  assert.equal(await pullModel(model, options), path);
});

test('a file that changed since is hashed again, and another file is refused with the way out', async (context) => {
  const { path, ...options } = await emptyCache(context);
  await writeFile(path, payload);
  await pullModel(model, options);
  await writeFile(path, other);
  await utimes(path, 1e9, 1e9);
  for (let times = 0; times < 2; times++) {
    await assert.rejects(pullModel(model, options), {
      name: 'ModelFileError',
      code: 'wrong-hash',
      message:
        /tiny\.gguf is not the tiny of the catalogue \(its SHA-256 is \w{64} instead of \w{64}\): delete it .*\.$/,
    });
  }
});

test('the mark of another hash is not taken for that of this one', async (context) => {
  const { path, ...options } = await emptyCache(context);
  await writeFile(path, payload);
  await pullModel(model, options);
  await assert.rejects(pullModel(catalogueEntry({ sha256: '0'.repeat(64) }), options), { code: 'wrong-hash' });
});

test('a cache that no mark can be written to works all the same', async (context) => {
  const { path, marks, ...options } = await emptyCache(context);
  await writeFile(path, payload);
  await writeFile(marks, '');
  assert.equal(await pullModel(model, options), path);
});

test('a file that can not be read is told as one', async (context) => {
  const { path, cacheDirectory } = await emptyCache(context);
  await mkdir(path);
  const verifying = assertVerified(wantedFile(model, cacheDirectory), new VerifiedFiles(cacheDirectory), {
    progress: silentProgress,
  });
  await assert.rejects(verifying, {
    code: 'unreadable-model',
    message: /tiny\.gguf can't be read \(EISDIR\): make it/,
  });
});

test('only what takes long is announced, and stops with its signal', async (context) => {
  const { path, cacheDirectory } = await emptyCache(context);
  await writeFile(path, '');
  await truncate(path, 4e9);
  const verified = new VerifiedFiles(cacheDirectory);
  const progress = recordProgress();
  const verify = (patienceMs: number) =>
    assertVerified(wantedFile(model, cacheDirectory), verified, {
      progress,
      patienceMs,
      signal: AbortSignal.timeout(300),
    });
  await assert.rejects(verify(60_000), { name: 'AbortError' });
  assert.deepEqual(progress.log, []);
  await assert.rejects(verify(20), { name: 'AbortError' });
  assert.deepEqual(progress.log, ['note Verifying tiny, once.']);
});
