import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { DownloadError } from '../core/errors.ts';
import { download, type DownloadOptions } from './download.ts';
import { openPartialFile, type OpenHandle } from './partial-file.ts';
import {
  closedOrigin,
  payload,
  serve,
  serveRanges,
  temporaryFolder,
  type Handler,
} from '../../test/fixtures/serve-file.ts';
import { SourceFailure } from './source-failure.ts';

interface Setup extends Partial<DownloadOptions> {
  before?: Uint8Array;
  etag?: string;
  openHandle?: OpenHandle;
}

/** Downloads from `handler`; resolves to the partial's bytes. */
async function run(context: TestContext, handler: Handler, { before, etag, openHandle, ...options }: Setup = {}) {
  const path = join(await temporaryFolder(context), 'x.partial');
  if (before) await writeFile(path, before);
  if (etag !== undefined) await writeFile(`${path}.etag`, etag);
  const partial = await openPartialFile(path, payload.length, openHandle);
  const url = await serve(context, handler);
  const settings = { url, partial, retryDelayMs: 1, sizeBytes: payload.length, isContentKnown: true, ...options };
  await download(settings).finally(() => partial.close());
  return readFile(path);
}

const rejectsWith = (pattern: RegExp) => (error: unknown) =>
  error instanceof SourceFailure && pattern.test(error.message);

test('a fresh download brings every byte and tells its progress', async (context) => {
  let last = 0;
  const bytes = await run(context, serveRanges(payload), { onBytes: (done) => (last = done) });
  assert.deepEqual(bytes, payload);
  assert.equal(last, payload.length);
});

test('a broken connection is continued where it broke', async (context) => {
  const ranges: (string | undefined)[] = [];
  const onRequest = ({ headers }: IncomingMessage) => void ranges.push(headers.range);
  const { promise: arrived, resolve: breakIt } = Promise.withResolvers<undefined>();
  const onBytes = (done: number) => done === 70_000 && breakIt(undefined);
  const handler = serveRanges(payload, { breakPoint: { after: 70_000, arrived }, onRequest });
  const bytes = await run(context, handler, { onBytes });
  assert.deepEqual(bytes, payload);
  assert.deepEqual(ranges, [undefined, 'bytes=70000-']);
});

test('a server without ranges starts over', async (context) => {
  const bytes = await run(context, (_, response) => response.end(payload), { before: payload.subarray(0, 5000) });
  assert.deepEqual(bytes, payload);
});

test('what is whole already needs no request', async (context) => {
  const bytes = await run(context, () => assert.fail('no request'), { before: payload });
  assert.deepEqual(bytes, payload);
});

test('a 416 ends a download of unknown size that is whole, and restarts one that is too long', async (context) => {
  const settings = { sizeBytes: undefined, etag: '"a"' };
  assert.deepEqual(
    await run(context, serveRanges(payload, { etag: '"a"' }), { ...settings, before: payload }),
    payload,
  );
  const longer = Buffer.concat([payload, payload]);
  assert.deepEqual(await run(context, serveRanges(payload, { etag: '"a"' }), { ...settings, before: longer }), payload);
});

test('bytes of another version of the file are dropped', async (context) => {
  const setup = { before: Buffer.alloc(5000, 1), etag: '"old"', sizeBytes: undefined, isContentKnown: false };
  assert.deepEqual(await run(context, serveRanges(payload, { etag: '"new"' }), setup), payload);
});

test('bytes of an unknown version are dropped', async (context) => {
  const setup = { before: Buffer.alloc(5000, 1), sizeBytes: undefined, isContentKnown: false };
  assert.deepEqual(await run(context, serveRanges(payload), setup), payload);
});

test('a server of a file of another size is refused', async (context) => {
  await assert.rejects(run(context, serveRanges(payload.subarray(1))), rejectsWith(/199999 bytes instead of 200000/));
});

test('a server without end is cut off', async (context) => {
  const endless: Handler = (_, response) => {
    const more = () => response.destroyed || response.write(Buffer.alloc(65_536), () => setImmediate(more));
    more();
  };
  await assert.rejects(run(context, endless), rejectsWith(/more than the 200000 bytes/));
});

test('an overloaded server is asked again, a few times', async (context) => {
  let requests = 0;
  const recovering: Handler = (request, response) => {
    requests++;
    if (requests < 3) response.writeHead(requests === 1 ? 429 : 503, { 'retry-after': '0' }).end();
    else serveRanges(payload)(request, response);
  };
  assert.deepEqual(await run(context, recovering), payload);
  requests = -100;
  await assert.rejects(run(context, recovering), rejectsWith(/answered 503/));
  assert.equal(requests, -96);
});

test('a silent server is given up', async (context) => {
  const silent: Handler = (_, response) => void response.writeHead(200).write('x');
  const setup = { stallTimeoutMs: 50, attempts: 2 };
  await assert.rejects(run(context, silent, setup), rejectsWith(/no byte came for 0.05 s/));
});

test('a refused connection is not tried again', async (context) => {
  const started = performance.now();
  const setup = { url: await closedOrigin(), retryDelayMs: 10_000 };
  await assert.rejects(
    run(context, () => undefined, setup),
    rejectsWith(/^127.0.0.1:\d+ can't be reached: the connection was refused$/),
  );
  assert.ok(performance.now() - started < 5000);
});

test('an abort keeps what has come', async (context) => {
  const controller = new AbortController();
  const path = join(await temporaryFolder(context), 'x.partial');
  const partial = await openPartialFile(path);
  const url = await serve(context, (_, response) => {
    response.writeHead(200, { 'content-length': payload.length }).write(payload.subarray(0, 50_000));
  });
  const onBytes = (done: number) => done === 50_000 && controller.abort();
  const ended = download({ url, partial, sizeBytes: payload.length, signal: controller.signal, onBytes });
  await assert.rejects(ended, { name: 'AbortError' });
  await partial.close();
  assert.deepEqual(await readFile(path), payload.subarray(0, 50_000));
});

test('a full disk is named, with the bytes needed and the way out', async (context) => {
  const fail = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC', errno: -28 }));
  const done = () => Promise.resolve();
  const openHandle: OpenHandle = () =>
    Promise.resolve({
      stat: () => Promise.resolve({ size: 0 }),
      truncate: done,
      appendFile: fail,
      sync: done,
      close: done,
    });
  const isDiskFull = (error: unknown) =>
    error instanceof DownloadError &&
    error.code === 'disk-full' &&
    /wellbegun-models-\S+ has no room for another 200 kB.*WELLBEGUN_CACHE/.test(error.message);
  await assert.rejects(run(context, serveRanges(payload), { openHandle }), isDiskFull);
});
