import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { fastModel } from '../../test/fixtures/fast-model.ts';
import {
  ANSWER,
  openScriptedGateway,
  readEvents,
  type ScriptedGateway,
  SWITCH_INDEX,
} from '../../test/fixtures/scripted-gateway.ts';
import { pseudoRandom } from '../engines/scripted/next-token.ts';
import { createGateway, DEFAULT_LIMITS, type GatewayLimits, type ListeningGateway, serveGateway } from './index.ts';

/** Long answers, a token each few milliseconds. */
const SLOW = { next: pseudoRandom(5, { endProbability: 0 }), beforeToken: () => delay(4) };
/** What an engine may still write for each choice once its client is gone: 100 ms of it, where nothing stalls. */
const ABORT_LIMIT_TOKENS = 25;
/** An engine that neither writes nor ends. */
const HANG_MS = 60_000;

const allEnded = ({ base, draft }: Pick<ScriptedGateway, 'base' | 'draft'>) =>
  [...base.calls, ...draft.calls].every(({ ended }) => ended);

const tokensOf = ({ calls }: ScriptedGateway['base']) => calls.reduce((sum, { tokens: { length } }) => sum + length, 0);

/** Counts tokens and not time: a stall of this process stops the engines too, and an engine that goes on is found. */
async function assertEnginesStop({ base, draft }: ScriptedGateway, leave: () => unknown, choices = 1): Promise<void> {
  const engines = [base, draft].map((engine) => ({ engine, before: tokensOf(engine) }));
  const start = performance.now();
  await leave();
  do {
    for (const { engine, before } of engines) {
      const more = tokensOf(engine) - before;
      assert.ok(more <= choices * ABORT_LIMIT_TOKENS, `${engine.id} wrote ${more} more tokens`);
    }
    assert.ok(performance.now() - start < HANG_MS, 'an engine hangs');
    await delay(1);
  } while (!allEnded({ base, draft }));
}

/** A gateway that writes faster than anyone reads. */
async function openFastGateway(limits: Partial<GatewayLimits> = {}) {
  let written = 0;
  const model = fastModel({ tokens: 1_000_000, onToken: () => written++ });
  const created = createGateway({
    models: [model],
    limits: { ...DEFAULT_LIMITS, ...limits },
    log: pino({ enabled: false }),
    version: '0.0.0',
  });
  const gateway = await serveGateway(created, { host: '127.0.0.1', port: 0 });
  const body = JSON.stringify({ model: 'fast', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  return {
    ...gateway,
    ask: () => fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body }),
    /** Waits until a client that does not read stops it; how many tokens it has written by then. */
    async blocked() {
      for (let before = -1; written !== before; await delay(200)) before = written;
      return written;
    },
    /** Waits until no request is under way. */
    async freed() {
      while (created.parts.exchanges.size > 0) await delay(5);
    },
  };
}

async function closesInTime(gateway: ListeningGateway): Promise<void> {
  const inTime = await Promise.race([gateway.close().then(() => true), delay(5000, false, { ref: false })]);
  assert.ok(inTime, 'the gateway waits');
}

suite('a client that leaves', () => {
  for (const [where, fields, working] of [
    ['while the draft writes', { criterion: 'never' }, 'draft'],
    ['while the base writes', { max_draft: 0 }, 'base'],
  ] as const) {
    for (const stream of [true, false]) {
      test(`${where} stops both engines within a few tokens, ${stream ? 'streaming' : 'waiting for one object'}`, async () => {
        const gateway = await openScriptedGateway({ base: SLOW, draft: SLOW });
        const controller = new AbortController();
        const asked = gateway.chat({ ...fields, stream, max_tokens: 2000 }, { signal: controller.signal });
        const gone = assert.rejects(asked.then((response) => response.text()));
        const tokens = () => tokensOf(gateway[working]);
        while (tokens() < 10) await delay(1);
        assert.ok(!allEnded(gateway));
        await assertEnginesStop(gateway, () => controller.abort());
        const before = tokens();
        await gone;
        await delay(20);
        assert.equal(tokens(), before);
        const line = gateway.log.find(({ msg }) => msg === 'request');
        assert.deepEqual([line?.['status'], line?.['aborted']], [499, 'the client left']);
        assert.match(await (await fetch(`${gateway.url}/metrics`)).text(), /^wellbegun_requests_in_flight 0$/m);
        await gateway.close();
      });
    }
  }

  test('stops the engines of a question that announced no length', async () => {
    const gateway = await openScriptedGateway({ base: SLOW, draft: SLOW });
    const question = { model: 'pair', stream: true, max_tokens: 500, messages: [{ role: 'user', content: 'Say it.' }] };
    const body = new Blob([JSON.stringify(question)]).stream();
    const response = await gateway.chat({}, { body, duplex: 'half' });
    assert.equal(response.status, 200);
    const reader = response.body!.getReader();
    await reader.read();
    await assertEnginesStop(gateway, () => reader.cancel());
    await gateway.close();
  });

  test('stops all choices of its request', async () => {
    const gateway = await openScriptedGateway({ base: SLOW, draft: SLOW });
    const response = await gateway.chat({ n: 4, stream: true, max_tokens: 500 });
    const reader = response.body!.getReader();
    await reader.read();
    await assertEnginesStop(gateway, () => reader.cancel(), 4);
    await gateway.close();
  });

  test('does not disturb others', async () => {
    const gateway = await openScriptedGateway({ base: { beforeToken: () => delay(1) } });
    const controller = new AbortController();
    const asked = gateway.chat({ stream: true }, { signal: controller.signal });
    const gone = assert.rejects(asked.then((response) => response.text()));
    const staying = gateway.chat();
    await delay(10);
    controller.abort();
    await gone;
    const { choices } = (await (await staying).json()) as { choices: { message: { content: string } }[] };
    assert.equal(choices[0]?.message.content, ANSWER);
    await gateway.close();
  });

  test('too slow to read holds the engine, and nothing piles up', async () => {
    const gateway = await openFastGateway();
    const response = await gateway.ask();
    const written = await gateway.blocked();
    assert.ok(written < 200_000, `${written} tokens for a reader that reads none`);
    await response.body!.cancel();
    await gateway.close();
  });

  test('too slow to read for too long is taken for gone', async () => {
    const gateway = await openFastGateway({ stallMs: 300 });
    const response = await gateway.ask();
    await gateway.blocked();
    await gateway.freed();
    await assert.rejects(response.text());
    assert.match(await (await fetch(`${gateway.url}/metrics`)).text(), /status="499"\} 1$/m);
    await closesInTime(gateway);
  });
});

suite('shutting down', () => {
  test('lets requests under way end, and takes no new ones', async () => {
    const gateway = await openScriptedGateway({ base: { beforeToken: () => delay(3) } });
    const response = await gateway.chat({ stream: true });
    let closed = false;
    const closing = gateway.close().then(() => (closed = true));
    await assert.rejects(fetch(`${gateway.url}/health/ready`), 'a new connection');
    assert.ok(!closed);
    const events = await readEvents(response);
    assert.equal(events.at(-1), '[DONE]');
    await closing;
    assert.ok(allEnded(gateway));
  });

  test('tells a request on an open connection, and readiness, of it', async () => {
    const gateway = await openScriptedGateway();
    const { Agent, request } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (path: string, method: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(`${gateway.url}${path}`, { agent, method }, (reply) => {
          reply.resume().on('end', () => resolve(reply.statusCode));
        });
        sent.on('error', reject).end();
      });
    assert.equal(await ask('/health/ready', 'GET'), 200);
    gateway.parts.draining = true;
    assert.equal(await ask('/health/ready', 'GET'), 503);
    assert.equal(await ask('/health/live', 'GET'), 200);
    assert.equal(await ask('/v1/chat/completions', 'POST'), 503);
    agent.destroy();
    await gateway.close();
  });

  test('ends what takes too long with an error in the stream', async () => {
    const gateway = await openScriptedGateway({ base: SLOW, draft: SLOW, limits: { drainMs: 50 } });
    const response = await gateway.chat({ stream: true, max_tokens: 2000 });
    const start = performance.now();
    await gateway.close();
    assert.ok(performance.now() - start < 2000);
    const last = (await readEvents(response)).at(-1) as { error: { code: string } };
    assert.equal(last.error.code, 'aborted');
    assert.ok(gateway.log.some(({ msg, status }) => msg === 'request' && status === 503));
    assert.ok(allEnded(gateway));
  });

  test('does not wait for a client that sends only half of its question', async () => {
    const gateway = await openScriptedGateway({ limits: { drainMs: 20 } });
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\ncontent-length: 100\r\n\r\n{"model"');
    while (gateway.parts.exchanges.size === 0) await delay(2);
    await closesInTime(gateway);
    socket.destroy();
  });

  test('does not wait for a client that reads no more of its answer', async () => {
    const gateway = await openFastGateway({ drainMs: 20 });
    const response = await gateway.ask();
    await gateway.blocked();
    await closesInTime(gateway);
    await assert.rejects(response.text());
  });
});

suite('what others see', () => {
  test('a silent stream gets comments', async () => {
    const gateway = await openScriptedGateway({ limits: { keepAliveMs: 20 }, draft: { beforeToken: () => delay(70) } });
    const text = await (await gateway.chat({ stream: true, max_draft: 3 })).text();
    assert.match(text, /(: keep-alive\n\n)+data: /);
    assert.equal(text.replaceAll(': keep-alive\n\n', '').endsWith('data: [DONE]\n\n'), true);
    await gateway.close();
  });

  test('each reply has the id of its request, a sane one of the client is kept', async () => {
    const gateway = await openScriptedGateway();
    const idOf = async (id?: string) => {
      const response = await gateway.chat({}, id === undefined ? {} : { headers: { 'x-request-id': id } });
      await response.text();
      return response.headers.get('x-request-id');
    };
    assert.equal(await idOf('abc-1'), 'abc-1');
    for (const id of [undefined, 'x'.repeat(200), 'a b{"']) assert.match((await idOf(id)) ?? '', /^[0-9a-f-]{36}$/);
    assert.ok(gateway.log.some(({ requestId, status }) => requestId === 'abc-1' && status === 200));
    await gateway.close();
  });

  test('the log has no prompt and no answer unless it is asked to', async () => {
    for (const logPrompts of [false, true]) {
      const gateway = await openScriptedGateway({ logPrompts });
      await (await gateway.chat({ messages: [{ role: 'user', content: 'a-private-matter' }] })).text();
      await (await gateway.post('/v1/completions', { model: 'pair:base', prompt: 'a-private-matter' })).text();
      await (await gateway.chat({ messages: 'a-private-matter' })).text();
      const log = JSON.stringify(gateway.log);
      assert.equal(log.includes('a-private-matter'), logPrompts);
      assert.ok(!log.includes(ANSWER));
      await gateway.close();
    }
  });

  test('pages of other origins are let in only where they are named', async () => {
    const headers = { origin: 'https://page.example', 'access-control-request-method': 'POST' };
    const allowed = async (corsOrigins?: readonly string[]) => {
      const gateway = await openScriptedGateway({ ...(corsOrigins && { corsOrigins }) });
      const path = `${gateway.url}/v1/chat/completions`;
      const preflight = await fetch(path, { method: 'OPTIONS', headers });
      const models = await fetch(`${gateway.url}/v1/models`, { headers });
      await gateway.close();
      return [preflight, models].map((response) => response.headers.get('access-control-allow-origin'));
    };
    assert.deepEqual(await allowed(), [null, null]);
    assert.deepEqual(await allowed(['https://other.example']), [null, null]);
    assert.deepEqual(await allowed(['https://page.example']), ['https://page.example', 'https://page.example']);
  });

  test('metrics count requests, tokens, switches and latencies', async () => {
    const gateway = await openScriptedGateway();
    await (await gateway.chat()).text();
    await (await gateway.chat({ gamma: 5 })).text();
    await (await gateway.chat({ criterion: 'never' })).text();
    const response = await fetch(`${gateway.url}/metrics`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
    const text = await response.text();
    const value = (name: string) =>
      Number(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
    const route = 'route="/v1/chat/completions"';
    assert.equal(value(`wellbegun_requests_total{${route},status="200"}`), 2);
    assert.equal(value(`wellbegun_requests_total{${route},status="400"}`), 1);
    assert.equal(value('wellbegun_tokens_total{model="pair",source="draft"}'), SWITCH_INDEX + 12);
    assert.equal(value('wellbegun_tokens_total{model="pair",source="base"}'), 2 * ANSWER.length - SWITCH_INDEX - 12);
    assert.equal(value('wellbegun_switch_reasons_total{model="pair",reason="confident"}'), 1);
    assert.equal(value('wellbegun_switch_reasons_total{model="pair",reason="draft-ended"}'), 1);
    assert.equal(value('wellbegun_switch_index_tokens_sum{model="pair"}'), SWITCH_INDEX + 12);
    for (const name of ['first_token_seconds', 'response_seconds', 'accepted_draft_share']) {
      assert.equal(value(`wellbegun_${name}_count{model="pair"}`), 2);
    }
    assert.equal(value('wellbegun_requests_in_flight'), 0);
    await gateway.close();
  });

  test('models and the OpenAPI document say what there is', async () => {
    const gateway = await openScriptedGateway();
    const models = (await (await fetch(`${gateway.url}/v1/models`)).json()) as { data: { id: string }[] };
    assert.deepEqual(
      models.data.map(({ id }) => id),
      ['pair', 'pair:base', 'pair:draft'],
    );
    const one = (await (await fetch(`${gateway.url}/v1/models/pair:base`)).json()) as { id: string };
    assert.equal(one.id, 'pair:base');
    const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<
        string,
        {
          post?: {
            requestBody: { content: Record<string, { schema: { properties: object; additionalProperties: boolean } }> };
          };
        }
      >;
    };
    assert.equal(document.openapi, '3.1.0');
    const schema = document.paths['/v1/chat/completions']?.post?.requestBody.content['application/json']?.schema;
    assert.equal(schema?.additionalProperties, false);
    for (const field of ['messages', 'stop', 'gamma', 'criterion', 'trace']) assert.ok(field in schema.properties);
    await gateway.close();
  });
});
