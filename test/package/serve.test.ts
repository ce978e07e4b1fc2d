import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { assertRefused, type CliOptions, ending, makePlace, type Place } from './support.ts';

interface Served {
  readonly url: string;
  /** Sends a signal; resolves to how it ended. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<{ readonly code: number | null; readonly stderr: string }>;
}

interface Reply {
  readonly choices: readonly {
    readonly message: { readonly content: string };
    readonly wellbegun?: { trace: { switch: { index: number } } };
  }[];
}

const KEY = 'a-key-of-enough-characters';

suite('wellbegun serve', () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  /** Starts it on a free port and waits until it listens. */
  const serve = async (args: readonly string[] = [], options: CliOptions = {}): Promise<Served> => {
    const child = place.start(['serve', '--port', '0', ...args], options);
    const ended = ending(child);
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr!.on('data', (data: Buffer) => {
        said += data.toString();
        const found = / at (http:\S+)\/v1/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.on('exit', () => reject(new Error(said)));
    });
    return {
      url,
      async stop(signal = 'SIGTERM') {
        child.kill(signal);
        const { code, stderr } = await ended;
        return { code, stderr };
      },
    };
  };

  const ask = (url: string, fields: object = {}, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ model: 'default', messages: [{ role: 'user', content: 'Tell me a story.' }], ...fields }),
    });
  const answer = async (url: string, fields?: object) => (await (await ask(url, fields)).json()) as Reply;

  test('answers with the pair, many requests at once like one after another, and ends with SIGTERM', async () => {
    const { url, stop } = await serve(['--parallel', '4']);
    const { choices } = await answer(url, { trace: true });
    assert.deepEqual([choices[0]?.message.content, choices[0]?.wellbegun?.trace.switch.index], [STORY, 16]);
    const gammas = [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    const alone: Reply[] = [];
    for (const gamma of gammas) alone.push(await answer(url, { gamma }));
    const together = await Promise.all(gammas.map((gamma) => answer(url, { gamma })));
    assert.deepEqual(
      together.map((reply) => reply.choices),
      alone.map((reply) => reply.choices),
    );
    const { code, stderr } = await stop();
    assert.equal(code, 0);
    assert.match(stderr, /Shutting down/);
  });

  test('lets a stream end that is under way when it is stopped', async () => {
    const { url, stop } = await serve(['--base', place.models.attention]);
    const response = await ask(url, { stream: true, max_tokens: 300 });
    const stopped = stop('SIGINT');
    const text = await response.text();
    assert.ok(text.endsWith('data: [DONE]\n\n'), text.slice(-300));
    assert.equal((await stopped).code, 0);
  });

  test('goes on after clients that left in the middle', async () => {
    const { url, stop } = await serve(['--base', place.models.attention]);
    for (let i = 0; i < 10; i++) {
      const response = await ask(url, { model: 'default:base', stream: true, max_tokens: 400 });
      const reader = response.body!.getReader();
      await reader.read();
      await reader.cancel();
    }
    assert.equal((await ask(url, { max_tokens: 5 })).status, 200);
    assert.match(await (await fetch(`${url}/metrics`)).text(), /^wellbegun_requests_in_flight 0$/m);
    assert.equal((await stop()).code, 0);
  });

  test('serves the pairs of a config file, each with its own settings', async () => {
    const file = join(place.folder, 'pairs.json');
    const pairs = {
      early: { gamma: 0.3 },
      'other/base': { base: place.models.attention, criterion: 'after(5, always)', maxTokens: 9 },
    };
    await writeFile(file, JSON.stringify({ pairs, maxDraft: 20 }));
    const { url, stop } = await serve([], { env: { WELLBEGUN_CONFIG: file } });
    const models = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
    assert.equal(models.data.length, 6);
    const indexOf = async (fields: object) =>
      (await answer(url, { trace: true, ...fields })).choices[0]?.wellbegun?.trace.switch.index;
    const early = await indexOf({ model: 'early' });
    assert.ok(early !== undefined && early < 16, `${early}`);
    assert.equal(await indexOf({ model: 'early', gamma: 0.8 }), 16);
    assert.equal(await indexOf({ model: 'other/base' }), 5);
    assert.equal((await ask(url)).status, 404);
    assert.equal((await fetch(`${url}/v1/models/other%2Fbase:draft`)).status, 200);
    assert.equal((await stop()).code, 0);
  });

  test('asks for the keys of a file and of the environment', async () => {
    const file = join(place.folder, 'keys.json');
    await writeFile(file, JSON.stringify({ keys: [{ name: 'team', key: KEY, requestsPerMinute: 1 }] }));
    const { url, stop } = await serve(['--api-keys', file], { env: { WELLBEGUN_API_KEY_LIST: `${KEY}-2,${KEY}-3` } });
    const statusWith = async (key: string) => (await ask(url, {}, { authorization: `Bearer ${key}` })).status;
    assert.equal((await ask(url)).status, 401);
    assert.deepEqual([await statusWith(KEY), await statusWith(KEY)], [200, 429]);
    assert.deepEqual(
      [await statusWith(`${KEY}-2`), await statusWith(`${KEY}-3`), await statusWith(`${KEY}-4`)],
      [200, 200, 401],
    );
    const { stderr } = await stop();
    assert.ok(!stderr.includes(KEY));
    assert.match(stderr, /"key":"team"/);
  });

  test('refuses a port that is taken, before or after its models are loaded', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const result = await place.run(['serve', '--port', String(port)]);
    assert.equal(result.code, 2);
    assert.match(
      result.stderr,
      /127\.0\.0\.1:\d+ can't be listened on \(something else listens there\): choose another --port/,
    );
    server.close();
  });

  for (const [name, config, says] of [
    ['an unknown key of a pair', { pairs: { a: { gama: 0.5 } } }, /unknown key "gama" \(did you mean "gamma"\?\)/],
    ['a value out of range in a pair', { pairs: { a: { gamma: 5 } } }, /config\.json: gamma must be a number above 0/],
    ['a name that is none', { pairs: { 'a:b': {} } }, /pairs/],
    [
      'two criteria in a pair',
      { pairs: { a: { gamma: 0.5, criterion: 'always' } } },
      /--criterion can't be given together/,
    ],
    ['a module in a pair', { pairs: { a: { criterionModule: './x.js' } } }, /unknown key "criterionModule"/],
  ] as const) {
    test(`refuses ${name}`, async () => {
      const file = join(await place.newFolder(), 'config.json');
      await writeFile(file, JSON.stringify(config));
      assertRefused(await place.run(['serve'], { env: { WELLBEGUN_CONFIG: file } }), { code: 2, says });
    });
  }

  for (const [name, keys, says] of [
    ['that is not JSON', `{"keys": [${KEY}`, /is not JSON/],
    ['with a short key', JSON.stringify({ keys: [{ name: 'a', key: 'short' }] }), /at least 16 characters/],
    [
      'with key and hash',
      JSON.stringify({ keys: [{ name: 'a', key: KEY, sha256: 'a'.repeat(64) }] }),
      /"key" or "sha256"/,
    ],
    [
      'with a name twice',
      JSON.stringify({ keys: [1, 2].map((i) => ({ name: 'a', key: `${KEY}${i}` })) }),
      /two keys are named a/,
    ],
  ] as const) {
    test(`refuses a file of keys ${name}, and shows no key`, async () => {
      const file = join(await place.newFolder(), 'keys.json');
      await writeFile(file, keys);
      const result = await place.run(['serve', '--api-keys', file]);
      assertRefused(result, { code: 2, says });
      assert.ok(!result.stderr.includes(KEY));
    });
  }

  test('does not show a key that was given in place of the file of keys', async () => {
    const result = await place.run(['serve'], { env: { WELLBEGUN_API_KEYS: KEY } });
    assertRefused(result, { code: 2, says: /--api-keys.*WELLBEGUN_API_KEY_LIST/ });
    assert.ok(!result.stderr.includes(KEY));
  });

  for (const args of [
    ['--parallel', '0'],
    ['--stall-seconds', '0'],
    ['--base-key-env', 'sk-a-key'],
    ['--port', 'x'],
    ['--cors-origin', 'example'],
    ['--log-prompts', 'maybe'],
  ]) {
    test(`refuses ${args.join(' ')}`, async () => {
      assertRefused(await place.run(['serve', ...args]), { code: 2, says: new RegExp(args[0]!) });
    });
  }
});
