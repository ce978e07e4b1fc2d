import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openScriptedGateway, type ScriptedGateway } from '../../test/fixtures/scripted-gateway.ts';
import { ApiKeys, hashKey } from './index.ts';

const KEY = 'a-key-of-enough-characters';
const OTHER = 'another-key-of-characters';
const withKey = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;

/** A draft that waits before its first token until it is let go. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, beforeToken: () => opened };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const callsOf = ({ draft }: ScriptedGateway) => draft.calls.length;

suite('keys', () => {
  test('are asked for by the API, not by health and metrics', async () => {
    const keys = new ApiKeys([{ name: 'team', sha256: hashKey(KEY) }]);
    const gateway = await openScriptedGateway({ keys });
    for (const init of [{}, withKey('wrong'), withKey(''), { headers: { authorization: KEY } }]) {
      const response = await gateway.chat({}, init);
      assert.deepEqual([response.status, await codeOf(response)], [401, 'invalid_api_key']);
    }
    assert.equal((await fetch(`${gateway.url}/v1/models`)).status, 401);
    assert.ok(gateway.log.some(({ msg, status }) => msg === 'refused' && status === 401));
    assert.equal((await fetch(`${gateway.url}/v1/models`, withKey(KEY))).status, 200);
    assert.equal((await gateway.chat({}, withKey(KEY))).status, 200);
    for (const path of ['/health', '/metrics', '/openapi.json']) {
      assert.equal((await fetch(`${gateway.url}${path}`)).status, 200);
    }
    assert.equal(gateway.draft.calls.length, 1);
    const line = gateway.log.find(({ status }) => status === 200);
    assert.equal(line?.['key'], 'team');
    assert.ok(!JSON.stringify(gateway.log).includes(KEY));
    await gateway.close();
  });

  test('have limits of their own a minute, told with the time to wait', async () => {
    const keys = new ApiKeys([
      { name: 'small', sha256: hashKey(KEY), limits: { requestsPerMinute: 2 } },
      { name: 'large', sha256: hashKey(OTHER) },
    ]);
    const gateway = await openScriptedGateway({ keys, keyLimits: { requestsPerMinute: 3 } });
    const statuses = async (key: string) => {
      const responses: Response[] = [];
      for (let i = 0; i < 4; i++) responses.push(await gateway.chat({}, withKey(key)));
      const last = responses.at(-1)!;
      assert.equal(await codeOf(last), 'rate_limit_exceeded');
      const seconds = Number(last.headers.get('retry-after'));
      assert.ok(seconds >= 1 && seconds <= 60);
      return responses.map(({ status }) => status);
    };
    assert.deepEqual(await statuses(KEY), [200, 200, 429, 429]);
    assert.deepEqual(await statuses(OTHER), [200, 200, 200, 429]);
    await gateway.close();
  });

  test('have a limit of requests at once, which a stream holds to its end', async () => {
    const { open, beforeToken } = gate();
    const gateway = await openScriptedGateway({ keyLimits: { concurrentRequests: 1 }, draft: { beforeToken } });
    const first = await gateway.chat({ stream: true });
    const refused = await gateway.chat();
    assert.deepEqual([refused.status, await codeOf(refused)], [429, 'too_many_concurrent_requests']);
    assert.equal(refused.headers.get('retry-after'), '1');
    open();
    await first.text();
    assert.equal((await gateway.chat()).status, 200);
    await gateway.close();
  });
});

suite('the queue', () => {
  test('lets as many wait as it may, in their order, and refuses the rest', async () => {
    const { open, beforeToken } = gate();
    const gateway = await openScriptedGateway({ limits: { parallel: 1, waiting: 2 }, draft: { beforeToken } });
    const running = gateway.chat({ stream: true, user: 'first' });
    await until(() => callsOf(gateway) === 1);
    const waiting: Promise<Response>[] = [];
    for (const user of ['second', 'third']) {
      const before = waiting.length;
      waiting.push(gateway.chat({ user }));
      for (let seen = -1; seen < before + 1;) seen = await waitingOf(gateway);
    }
    const refused = await gateway.chat();
    assert.deepEqual(
      [refused.status, await codeOf(refused), refused.headers.get('retry-after')],
      [429, 'queue_full', '2'],
    );
    assert.equal(callsOf(gateway), 1);
    open();
    const responses = await Promise.all([running, ...waiting]);
    await Promise.all(responses.map((response) => response.text()));
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 200],
    );
    const users = gateway.log.filter(({ status }) => status === 200).map(({ user }) => user);
    assert.deepEqual(users, ['first', 'second', 'third']);
    await gateway.close();
  });

  test('is left by a client that leaves, before its turn', async () => {
    const { open, beforeToken } = gate();
    const gateway = await openScriptedGateway({ limits: { parallel: 1, waiting: 1 }, draft: { beforeToken } });
    const running = gateway.chat();
    await until(() => callsOf(gateway) === 1);
    const controller = new AbortController();
    const gone = assert.rejects(gateway.chat({}, { signal: controller.signal }), { name: 'AbortError' });
    while ((await waitingOf(gateway)) < 1);
    controller.abort();
    await gone;
    while ((await waitingOf(gateway)) > 0);
    const next = gateway.chat();
    while ((await waitingOf(gateway)) < 1);
    open();
    assert.deepEqual([(await running).status, (await next).status], [200, 200]);
    assert.equal(callsOf(gateway), 2);
    await gateway.close();
  });

  test('lets others in between the many responses that one request asks for', async () => {
    const { open, beforeToken } = gate();
    const gateway = await openScriptedGateway({ limits: { parallel: 1, waiting: 2 }, draft: { beforeToken } });
    const many = gateway.chat({ n: 5, user: 'many' });
    while ((await waitingOf(gateway)) < 1);
    const single = gateway.chat({ user: 'single' });
    while ((await waitingOf(gateway)) < 2);
    assert.equal((await gateway.chat()).status, 429);
    open();
    assert.deepEqual([(await single).status, (await many).status], [200, 200]);
    const users = gateway.log.filter(({ status }) => status === 200).map(({ user }) => user);
    assert.deepEqual(users, ['single', 'many']);
    assert.equal(((await (await many).json()) as { choices: unknown[] }).choices.length, 5);
    await gateway.close();
  });

  test('is one for a pair and its two models', async () => {
    const { open, beforeToken } = gate();
    const gateway = await openScriptedGateway({ limits: { parallel: 1, waiting: 0 }, draft: { beforeToken } });
    const running = gateway.chat();
    await until(() => callsOf(gateway) === 1);
    assert.equal((await gateway.chat({ model: 'pair:base' })).status, 429);
    open();
    await running;
    await gateway.close();
  });
});

async function waitingOf({ url }: ScriptedGateway): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^wellbegun_queue_waiting\{queue="pair"\} (\d+)$/m.exec(metrics)?.[1]);
}
