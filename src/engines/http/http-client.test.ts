import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Answer,
  breakOff,
  collect,
  events,
  failure,
  KEY,
  OK,
  reply,
  serve,
} from '../../../test/fixtures/raw-server.ts';

test('sends the key as a header, and keeps the connection', async (context) => {
  const { open, requests, sockets } = await serve(context, reply(200, { ok: true, more: 1 }));
  const client = open();
  assert.deepEqual(await client.get('/a', OK), { ok: true });
  assert.deepEqual(await client.ask('/b', { x: 1 }, OK), { ok: true });
  assert.equal(requests[1]?.headers.authorization, `Bearer ${KEY}`);
  for (let i = 0; i < 8; i++) await client.ask('/b', { x: 1 }, OK);
  assert.ok(sockets.size <= 2, `${sockets.size} connections for ten requests, one after another`);
});

test('no more requests at once than connections', async (context) => {
  let open = 0;
  let most = 0;
  const slow: Answer = (_, response) => {
    most = Math.max(most, ++open);
    setTimeout(() => {
      open--;
      response.end('{"ok":true}');
    }, 10);
  };
  const { open: connect } = await serve(context, slow);
  const client = connect({ connections: 3 });
  await Promise.all(Array.from({ length: 12 }, () => client.ask('/', {}, OK)));
  assert.equal(most, 3);
});

test('asks again after what may pass, and not for ever', async (context) => {
  const passing = await serve(context, breakOff, reply(503, ''), reply(502, ''), reply(200, { ok: true }));
  assert.deepEqual(await passing.open().ask('/', {}, OK), { ok: true });
  assert.equal(passing.requests.length, 4);

  const lasting = await serve(context, reply(429, { error: { message: 'slow down' } }));
  const error = await failure(lasting.open({ retries: 2 }).ask('/', {}, OK));
  assert.deepEqual([lasting.requests.length, error.code, error.status], [3, 'busy', 429]);
});

test('does not ask again what will fail again', async (context) => {
  const { open, requests } = await serve(context, reply(400, { error: { message: 'no such parameter' } }));
  const error = await failure(open().ask('/', {}, OK));
  assert.equal(requests.length, 1);
  assert.match(error.message, /fake at http:\/\/127.*refused.*400: no such parameter/);
});

test('waits as long as the server asks for', async (context) => {
  const { open } = await serve(context, reply(429, '', { 'retry-after': '1' }), reply(200, { ok: true }));
  const startMs = performance.now();
  await open().ask('/', {}, OK);
  assert.ok(performance.now() - startMs >= 990);
});

test('tells a caller who waits for a busy server himself at once', async (context) => {
  const { open, requests } = await serve(
    context,
    reply(429, '', { 'retry-after': '2' }),
    breakOff,
    reply(200, { ok: true }),
  );
  const startMs = performance.now();
  const client = open({ retriesBusy: false });
  const error = await failure(client.ask('/', {}, OK));
  assert.deepEqual([error.code, error.retryAfterMs, requests.length], ['busy', 2000, 1]);
  assert.ok(performance.now() - startMs < 1000);
  assert.deepEqual(await client.ask('/', {}, OK), { ok: true });
});

test('streams events until [DONE], past comments', async (context) => {
  const { open } = await serve(context, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(': wait\n\ndata: {"a":"é🎉"}\r\n\r\ndata: {"a":2}\n\ndata: [DONE]\n\ndata: {"a":3}\n\n');
  });
  assert.deepEqual(await collect(open().stream('/', {})), [{ a: 'é🎉' }, { a: 2 }]);
});

test('a stream begins again only where nothing was done', async (context) => {
  const busy = await serve(context, reply(503, ''), events('1', '[DONE]'));
  assert.deepEqual(await collect(busy.open().stream('/', {})), [1]);
  const broken = await serve(context, breakOff, events('1', '[DONE]'));
  assert.equal((await failure(collect(broken.open().stream('/', {})))).code, 'connection-lost');
  assert.equal(broken.requests.length, 1);
});

const breakInTheMiddle: Answer = (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('data: 1\n\n');
  setTimeout(() => request.socket.destroy(), 20);
};

test('a question in a stream is asked again from its beginning', async (context) => {
  const answers = [breakOff, breakInTheMiddle, reply(503, ''), events('1', '2', '[DONE]')];
  const { open, requests } = await serve(context, ...answers);
  const beginnings: unknown[][] = [];
  const read = async (stream: AsyncIterable<unknown>) => {
    const all: unknown[] = [];
    beginnings.push(all);
    for await (const event of stream) all.push(event);
    return all;
  };
  assert.deepEqual(await open().askInStream('/', {}, read), [1, 2]);
  assert.deepEqual([requests.length, beginnings], [4, [[], [1], [], [1, 2]]]);
});

test('but not for ever, not after another failure, and not after an abort', async (context) => {
  const lasting = await serve(context, breakInTheMiddle);
  const asked = lasting.open({ retries: 2 }).askInStream('/', {}, collect);
  assert.equal((await failure(asked)).code, 'connection-lost');
  assert.equal(lasting.requests.length, 3);

  const refused = await serve(context, reply(400, ''));
  assert.equal((await failure(refused.open().askInStream('/', {}, collect))).code, 'refused');
  const failed = await serve(context, events('{"error":{"message":"out of memory"}}'));
  assert.equal((await failure(failed.open().askInStream('/', {}, collect))).code, 'server-failed');
  assert.deepEqual([refused.requests.length, failed.requests.length], [1, 1]);

  const controller = new AbortController();
  const client = lasting.open({ retryDelayMs: 60_000 });
  const waiting = client.askInStream('/', {}, collect, { signal: controller.signal });
  setTimeout(() => controller.abort(), 100);
  await assert.rejects(waiting, { name: 'AbortError' });
});

test('a server that dies in the middle of a stream is an error, after what came before', async (context) => {
  const { open, requests } = await serve(context, breakInTheMiddle);
  const stream = open().stream('/', {});
  assert.equal((await stream.next()).value, 1);
  assert.match((await failure(stream.next())).message, /connection to fake at .* broke/);
  assert.equal(requests.length, 1);
});

test('an error within a stream is an error', async (context) => {
  const { open } = await serve(context, events('1', '{"error":{"message":"out of memory"}}'));
  assert.match((await failure(collect(open().stream('/', {})))).message, /broke off: out of memory/);
});

test('a stream that was read to its end leaves its connection to the next one', async (context) => {
  const { open, requests, sockets } = await serve(context, events('1', '[DONE]'));
  const client = open();
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(await collect(client.stream('/', {})), [1]);
    await delay(10);
  }
  assert.deepEqual([requests.length, sockets.size], [3, 1]);
});

test('a stream ends soon after [DONE], even if its server does not end it', async (context) => {
  const { open } = await serve(context, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\ndata: [DONE]\n\n');
  });
  assert.deepEqual(await collect(open({ timeoutMs: 60_000 }).stream('/', {})), [1]);
});

test('leaving a stream, or aborting, closes its connection', async (context) => {
  for (const way of ['leave', 'abort'] as const) {
    let closed!: () => void;
    const gone = new Promise<void>((done) => (closed = done));
    const { open } = await serve(context, (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      request.socket.on('close', closed);
    });
    const controller = new AbortController();
    const stream = open().stream('/', {}, { signal: controller.signal });
    await stream.next();
    const startMs = performance.now();
    if (way === 'leave') await stream.return();
    else {
      const next = stream.next();
      controller.abort();
      await assert.rejects(next, { name: 'AbortError' });
    }
    await gone;
    assert.ok(performance.now() - startMs < 1000);
  }
});

test('an abort ends a question, and the wait between two attempts', async (context) => {
  const silent = await serve(context, () => undefined);
  const asked = silent.open().ask('/', {}, OK, { signal: AbortSignal.timeout(20) });
  await assert.rejects(asked, { name: 'TimeoutError' });
  const busy = await serve(context, reply(503, ''));
  const controller = new AbortController();
  const waiting = busy.open({ retryDelayMs: 60_000 }).ask('/', {}, OK, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(waiting, { name: 'AbortError' });
});

test('a silent server is given up', async (context) => {
  const { open } = await serve(context, () => undefined);
  const error = await failure(open({ timeoutMs: 100 }).ask('/', {}, OK));
  assert.equal(error.code, 'timeout');
  assert.match(error.message, /serverTimeoutMs/);
});

test('no server is an error that says so', async (context) => {
  const { open, server, url } = await serve(context, reply(200, {}));
  await new Promise((done) => server.close(done));
  const error = await failure(open({ retries: 1 }).get('/', OK));
  assert.equal(
    error.message,
    `fake at ${url} can't be reached: the connection was refused. Check that it runs and the address is right.`,
  );
});

test('an answer of another kind is an error', async (context) => {
  const { open } = await serve(context, reply(200, '<html>'), reply(200, { ok: 'yes' }), reply(200, { ok: true }));
  const client = open();
  assert.match((await failure(client.get('/', OK))).message, /not JSON/);
  assert.match((await failure(client.get('/', OK))).message, /whose ok is not as expected/);
  assert.match((await failure(collect(client.stream('/', {})))).message, /not a stream/);
});

test('the key is in no error, whatever the server says', async (context) => {
  for (const status of [400, 401, 403, 404, 429, 500]) {
    const { open } = await serve(context, reply(status, { error: { message: `bad key ${KEY}` } }));
    const error = await failure(open({ retries: 0, keyVariable: 'WELLBEGUN_BASE_KEY' }).ask('/', {}, OK));
    assert.ok(!JSON.stringify([error.message, error, error.stack]).includes(KEY));
    if (status === 401) assert.match(error.message, /check WELLBEGUN_BASE_KEY/);
  }
});

test('a redirect is not followed, which would carry the key elsewhere, but told', async (context) => {
  const elsewhere = await serve(context, reply(200, { ok: true }));
  const told = (to: string) => `fake at URL redirects to ${to}: use that address.`;
  for (const [location, expected] of [
    [`${elsewhere.url}/v1/models`, told(elsewhere.url)],
    ['https://host/other', told('https://host/other')],
    [`https://me:hunter2@host/v1/models?token=hunter2#hunter2`, told('https://host')],
    [`https://host/${KEY}/v1/models`, told('https://host/…')],
    ['/api/v1/models', told('URL/api')],
    ['ftp://host', 'fake at URL redirects, without saying where to: use the address of the server itself.'],
    [undefined, 'fake at URL redirects, without saying where to: use the address of the server itself.'],
  ] as const) {
    for (const status of [301, 302, 307, 308]) {
      const headers: Record<string, string> = location === undefined ? {} : { location };
      const { open, requests, url } = await serve(context, reply(status, 'moved', headers));
      const error = await failure(open().get('/v1/models', OK));
      assert.equal(error.message.replaceAll(url, 'URL'), expected);
      assert.deepEqual([requests.length, error.code, error.status], [1, 'redirected', status]);
    }
  }
  const { open, requests } = await serve(context, reply(301, '', { location: elsewhere.url }));
  assert.equal((await failure(collect(open().stream('/', {})))).code, 'redirected');
  assert.deepEqual([requests.length, elsewhere.requests.length], [1, 0]);
});
