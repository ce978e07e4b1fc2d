import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Answer, collect, events, failure, KEY, OK, reply, serve } from '../../../test/fixtures/raw-server.ts';
import type { EngineError } from '../../core/errors.ts';

test('the key is in no error and no cause of one, wherever the server repeats it', async (context) => {
  const stream = { 'content-type': 'text/event-stream' };
  const host = KEY.toUpperCase();
  for (const [repeat, ask] of [
    [reply(200, '', { 'content-type': `text/${KEY}` }), 'stream'],
    [reply(200, KEY), 'get'],
    [reply(200, `data: ${KEY}\n\n`, stream), 'stream'],
    [reply(200, `data: {"error": {"reason": "${KEY}"}}\n\n`, stream), 'stream'],
    [reply(400, host), 'get'],
    [(request: IncomingMessage) => void request.socket.end(`${KEY}\r\n\r\n`), 'get'],
    [reply(301, '', { location: `https://${host}.example/x` }), 'get'],
  ] as const) {
    const { open } = await serve(context, repeat);
    const client = open({ retries: 0 });
    const error = await failure(ask === 'get' ? client.get('/', OK) : collect(client.stream('/', {})));
    assert.doesNotMatch(inspect(error, { depth: 9, maxStringLength: Infinity }), new RegExp(KEY, 'i'));
  }
});

test('a reply without an end is left, also one that is packed', async (context) => {
  const MIB = Buffer.alloc(2 ** 20, 0x20);
  const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20, 0x20));
  let sent = 0;
  const endless =
    (status: number): Answer =>
    (_, response) => {
      response.writeHead(status);
      const more = () => {
        while (!response.destroyed && sent < 2 ** 30 && (sent += MIB.length) > 0) {
          if (!response.write(MIB)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
  for (const [answer, code] of [
    [endless(400), 'refused'],
    [endless(200), 'bad-reply'],
    [reply(200, bomb, { 'content-encoding': 'gzip' }), 'bad-reply'],
  ] as const) {
    sent = 0;
    const { open } = await serve(context, answer);
    const error = await failure(open({ retries: 0 }).get('/models', OK));
    assert.equal(error.code, code);
    assert.ok(sent < 64 * 2 ** 20, `${sent} bytes were taken`);
  }
});

test('an event of millions of characters is refused before it is read', async (context) => {
  const { open } = await serve(context, events(JSON.stringify('x'.repeat(3_000_000))));
  assert.ok(await failure(collect(open().stream('/', {}))));
});

test('a server that seems alive and brings nothing is given up', async (context) => {
  const trickle =
    (type: string, text: string): Answer =>
    (_, response) => {
      response.writeHead(200, { 'content-type': type });
      const timer = setInterval(() => response.write(text), 10);
      response.on('close', () => clearInterval(timer));
    };
  const { open } = await serve(
    context,
    trickle('text/event-stream', ': still here\n\n'),
    trickle('application/json', ' '),
    trickle('text/event-stream', 'data: {"empty":true}\n\n'),
  );
  const client = open({ timeoutMs: 150 });
  const told: EngineError[] = [await failure(collect(client.stream('/', {}))), await failure(client.ask('/', {}, OK))];
  told.push(await failure(client.askInStream('/', {}, collect)));
  for (const { code, message } of told) {
    assert.equal(code, 'timeout');
    assert.match(message, /made no progress .*serverTimeoutMs/);
  }
});

test('events that say nothing are passed over, and a date to come back at is kept', async (context) => {
  const { open } = await serve(context, events('null', '1', 'null', '[DONE]'));
  assert.deepEqual(await collect(open().stream('/', {})), [1]);
  const date = new Date(Date.now() + 5000).toUTCString();
  const busy = await serve(context, reply(503, '', { 'retry-after': date }));
  const { retryAfterMs = 0 } = await failure(busy.open({ retries: 0 }).get('/', OK));
  assert.ok(retryAfterMs > 2000 && retryAfterMs <= 5000, String(retryAfterMs));
});
