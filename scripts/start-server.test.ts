import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from './start-server.ts';

/** A server that is healthy, or one that ends after a last word. */
const program = (lastWord: string | undefined, port: number) =>
  lastWord === undefined
    ? `require('node:http').createServer((request, response) => response.end()).listen(${port}, '127.0.0.1')`
    : `console.error(${JSON.stringify(lastWord)}); process.exit(1)`;

/** Starts a program that has such last words at its first starts, and then none. */
async function start(lastWords: readonly string[]) {
  const ports: number[] = [];
  const args = (port: number) => ['-e', program(lastWords[ports.push(port) - 1], port)];
  try {
    const server = await startServer({ program: process.execPath, args, patienceMs: 60_000 });
    await server.close();
    return { url: server.url, ports };
  } catch (error) {
    assert.ok(error instanceof Error);
    return { failure: error.message, ports };
  }
}

const TAKEN =
  "OSError: [Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use";

test('a server whose port another program took is started once more', async () => {
  const { url, ports } = await start([TAKEN]);
  assert.equal(ports.length, 2);
  assert.equal(url, `http://127.0.0.1:${ports[1]}`);
});

test('it is not started a third time', async () => {
  const { failure = '', ports } = await start([TAKEN, TAKEN]);
  assert.match(failure, /did not start:\n.*address already in use/);
  assert.equal(ports.length, 2);
});

test('a server that ends for another reason is not started again', async () => {
  const { failure = '', ports } = await start(['out of memory']);
  assert.match(failure, /did not start:\nout of memory/);
  assert.equal(ports.length, 1);
});
