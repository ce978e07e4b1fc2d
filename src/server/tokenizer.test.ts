import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openScriptedGateway, type ScriptedGateway } from '../../test/fixtures/scripted-gateway.ts';
import { ApiKeys, hashKey } from './admission/api-keys.ts';

suite("a base's tokenizer over HTTP", () => {
  let gateway: ScriptedGateway;
  before(
    async () => void (gateway = await openScriptedGateway({ base: { bosText: '<s>', controlTexts: ['<user>'] } })),
  );
  after(() => gateway.close());

  const tokenize = async (body: object) => (await (await gateway.post('/tokenize', body)).json()) as Tokenized;
  interface Tokenized {
    readonly tokens: number[];
    readonly count: number;
  }

  test('gives the ids that text completions use, and the text back', async () => {
    const { tokens, count } = await tokenize({ prompt: 'Well, ä' });
    assert.equal(count, tokens.length);
    const completed = await gateway.post('/v1/completions', {
      model: 'pair:base',
      prompt: 'Well, ä',
      max_tokens: 0,
      echo: true,
    });
    assert.equal(((await completed.json()) as { usage: { prompt_tokens: number } }).usage.prompt_tokens, count);
    const back = await gateway.post('/detokenize', { tokens });
    assert.deepEqual(await back.json(), { prompt: 'Well, ä' });
  });

  test('is under the limits of a key, and waits in the queue', async () => {
    const keys = new ApiKeys([{ name: 'k', sha256: hashKey('a-key-for-tests-only') }]);
    const limits = { parallel: 1, waiting: 0 };
    const own = await openScriptedGateway({ keys, keyLimits: { requestsPerMinute: 2 }, limits });
    const headers = { authorization: 'Bearer a-key-for-tests-only' };
    const ask = async () => (await own.post('/tokenize', { prompt: 'hi' }, { headers })).status;
    const turn = await own.parts.queueOf(own.parts.find('pair')).enter({}, new AbortController().signal);
    assert.equal(await ask(), 429);
    turn();
    await delay(10);
    assert.deepEqual([await ask(), await ask()], [200, 429]);
    await own.close();
  });

  test('begins with the first token only where it is asked to', async () => {
    const withFirst = await tokenize({ prompt: 'hi' });
    const plain = await tokenize({ prompt: 'hi', add_special_tokens: false });
    assert.deepEqual(withFirst.tokens.slice(1), plain.tokens);
    assert.deepEqual(
      (await tokenize({ prompt: '<s>', add_special_tokens: false })).tokens,
      withFirst.tokens.slice(0, 1),
    );
  });

  test('begins with no first token where the tokenizer adds none', async () => {
    const bare = await openScriptedGateway({ base: { bosText: '<s>', addsBos: false } });
    const { tokens } = (await (await bare.post('/tokenize', { prompt: 'hi' })).json()) as Tokenized;
    const body = { model: 'pair:base', prompt: 'hi', max_tokens: 0, echo: true };
    const completed = (await (await bare.post('/v1/completions', body)).json()) as { usage: { prompt_tokens: number } };
    await bare.close();
    assert.deepEqual([tokens.length, completed.usage.prompt_tokens], [2, 2]);
  });

  test('a control token within a text is plain text', async () => {
    const { count } = await tokenize({ prompt: 'a<user>', add_special_tokens: false });
    assert.equal(count, 'a<user>'.length);
  });

  test('says what begins and ends a text', async () => {
    const info = await (await fetch(`${gateway.url}/tokenizer_info`)).json();
    assert.deepEqual(info, {
      bos_token: '<s>',
      add_bos_token: true,
      eos_token: '</s>',
      chat_template: null,
      model_max_length: 4096,
    });
  });

  test('refuses what has no tokenizer, and unknown ids', async () => {
    for (const [path, body, status] of [
      ['/tokenize', { prompt: 'hi', model: 'pair' }, 400],
      ['/tokenize', { prompt: 'hi', model: 'pair:draft' }, 400],
      ['/tokenize', { prompt: 'hi', model: 'none' }, 404],
      ['/tokenize', { prompt: 1 }, 400],
      ['/detokenize', { tokens: [1_000_000] }, 400],
    ] as const) {
      assert.equal((await gateway.post(path, body)).status, status, JSON.stringify(body));
    }
  });

  test('asks for a key where keys are set', async () => {
    const keys = new ApiKeys([{ name: 'one', sha256: hashKey('a-key-of-this-test') }]);
    const guarded = await openScriptedGateway({ keys });
    const headers = { authorization: 'Bearer a-key-of-this-test' };
    assert.equal((await guarded.post('/tokenize', { prompt: 'hi' })).status, 401);
    assert.equal((await guarded.post('/tokenize', { prompt: 'hi' }, { headers })).status, 200);
    await guarded.close();
  });
});
