import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fakeChat } from '../../../test/fixtures/fake-servers/fake-chat.ts';
import { openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { passesProbe } from '../../../test/fixtures/fake-servers/passes-probe.ts';
import { EXAMPLE_TOKENIZERS } from '../../engines/scripted/example-tokenizers.ts';
import { writes } from '../../engines/scripted/next-token.ts';
import { scriptedModel } from '../../engines/scripted/scripted-model.ts';
import type { ModelSettings } from '../model-settings.ts';
import { assertKeysApart } from './assert-keys-apart.ts';
import { openServedPairs } from './open-served-pairs.ts';

async function serveModels(context: TestContext): Promise<ModelSettings> {
  const tokenizer = EXAMPLE_TOKENIZERS.words;
  const base = scriptedModel({ tokenizer, bosText: '<s>', next: passesProbe(writes(' the mat. The cat sat.')) });
  const draft = scriptedModel({ tokenizer, next: writes('The cat sat on') });
  const [baseServer, draftServer] = [await openFakeServer(base, fakeVllm), await openFakeServer(draft, fakeChat())];
  for (const server of [baseServer, draftServer]) context.after(() => server.close());
  return { base: `vllm:${baseServer.url}`, draft: `chat:${draftServer.url}` };
}

test('pairs share their models only where these are opened in the same way', async (context) => {
  const models = await serveModels(context);
  const pairs = await openServedPairs([
    { name: 'first', models, decode: {} },
    { name: 'same', models, decode: { gamma: 0.5 } },
    { name: 'patient', models: { ...models, serverTimeoutMs: 1000 }, decode: {} },
    { name: 'keyed', models: { ...models, draftKeyEnv: 'SOME_KEY' }, decode: {} },
  ]);
  context.after(() => pairs.close());
  const queues = pairs.models.filter(({ id }) => !id.includes(':')).map(({ queue }) => queue);
  assert.deepEqual(queues, ['first', 'first', 'patient', 'keyed']);
});

test('a key that nobody named is not sent to the host of another pair', () => {
  const here = { base: 'openai:https://a.example/v1', draft: 'chat:https://a.example/v1' };
  const there = { base: 'vllm:http://b.example:8000', draft: 'chat:https://a.example:8000/v2' };
  const env = { WELLBEGUN_BASE_KEY: 'sk-secret', WELLBEGUN_DRAFT_KEY: 'sk-other' };
  assert.throws(() => assertKeysApart([here, there], env), {
    name: 'ConfigError',
    message:
      'The key in WELLBEGUN_BASE_KEY would be sent to a.example and b.example: name the variable of each of these pairs with "baseKeyEnv".',
  });
  assertKeysApart([here, there], {});
  assertKeysApart([here, { ...there, baseKeyEnv: 'WELLBEGUN_BASE_KEY' }], env);
  assertKeysApart([here, { base: 'gemma-3-270m' }, here], env);
  const judges = [
    { reward: 'judge:https://a.example/v1' },
    { reward: 'vllm:http://b.example' },
    { reward: './r.gguf' },
  ];
  assertKeysApart(judges, env);
  assert.throws(() => assertKeysApart(judges, { WELLBEGUN_REWARD_KEY: 'k' }), /"rewardKeyEnv"/);
});
