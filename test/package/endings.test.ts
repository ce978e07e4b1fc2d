import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { ending, filesBelow, makePlace, type Place } from './support.ts';

const INTERRUPTED = 130;

suite('an end before the end', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  for (const command of ['run hi', 'run --json hi', 'run --compare hi', 'models', 'doctor', '--help', 'run --help']) {
    test(`a reader that leaves ${command} ends it quietly`, async () => {
      const wrap = (words: readonly string[]) => [
        'sh',
        '-c',
        '{ "$@"; echo "code $?" >&2; } | head -c 1',
        'sh',
        ...words,
      ];
      const { stdout, stderr } = await place.run(command.split(' '), { wrap });
      // One byte, which may be the first of a longer character.
      assert.match(stdout, /^(\p{ASCII}|\ufffd)$/u);
      assert.match(stderr, /code 0\n$/);
      assert.doesNotMatch(stderr, /^ {4}at |EPIPE|not foreseen/m);
    });
  }

  test('Ctrl-C while stdin is read', async () => {
    const child = place.start(['run']);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    const { code, signal, stdout, stderr } = await ending(child);
    assert.ok(code === INTERRUPTED || signal === 'SIGINT', `${String(code)} ${String(signal)}`);
    assert.equal(stdout + stderr, '');
  });

  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    test(`${name} during a download keeps what can be continued, and no lock`, async (context) => {
      const server = createServer((_, response) => {
        response.writeHead(200, { 'content-length': 1_000_000, etag: '"a"' });
        response.write(Buffer.alloc(100_000));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      context.after(() => {
        server.closeAllConnections();
        server.close();
      });
      const WELLBEGUN_CACHE = await place.newFolder();
      const HF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const child = place.start(['pull', 'smollm2-135m-instruct'], { env: { WELLBEGUN_CACHE, HF_ENDPOINT } });
      const ended = ending(child);
      await once(server, 'request');
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill(name);
      const { code, stdout, stderr } = await ended;
      assert.equal(code, INTERRUPTED);
      assert.equal(stdout, '');
      assert.doesNotMatch(stderr, /^ {4}at |wellbegun:/m);
      const left = (await filesBelow(WELLBEGUN_CACHE)).map((path) => path.replace(/^.*\./, ''));
      assert.ok(
        left.every((extension) => ['partial', 'etag'].includes(extension)),
        left.join(),
      );
    });
  }

  test('Ctrl-C during an answer', async () => {
    // This base writes on until its context is full.
    const child = place.start(['run', '--base', place.models.attention, '--strategy', 'base', 'hi']);
    const ended = ending(child);
    child.stdin!.end();
    await once(child.stdout!, 'data');
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    // It may have been at its end already.
    assert.ok(code === INTERRUPTED || code === 0, String(code));
    assert.doesNotMatch(stderr, /^ {4}at |wellbegun:/m);
  });
});
