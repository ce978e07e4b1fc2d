import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fakeChat } from '../../test/fixtures/fake-servers/fake-chat.ts';
import { openFakeServer } from '../../test/fixtures/fake-servers/fake-server.ts';
import { fakeVllm } from '../../test/fixtures/fake-servers/fake-vllm.ts';
import { passesProbe } from '../../test/fixtures/fake-servers/passes-probe.ts';
import { EXAMPLE_TOKENIZERS } from '../engines/scripted/example-tokenizers.ts';
import { writes } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { decode } from './decode.ts';
import { loadModels } from './load-pair.ts';
import { parseServerReference } from './server-reference.ts';

const BOTH = ['base', 'draft'] as const;

/** A pair on servers: `<base>` and `<draft>` are their addresses. */
async function servePair(context: TestContext) {
  const tokenizer = EXAMPLE_TOKENIZERS.words;
  const base = scriptedModel({ tokenizer, bosText: '<s>', next: passesProbe(writes(' the mat. The cat sat.')) });
  const draft = scriptedModel({ tokenizer, next: writes('The cat sat on') });
  const servers = [await openFakeServer(base, fakeVllm), await openFakeServer(draft, fakeChat())] as const;
  for (const server of servers) context.after(() => server.close());
  return { base: `vllm:${servers[0].url}`, draft: `chat:${servers[1].url}`, servers };
}

test('names of servers are read, and other names left alone', () => {
  assert.deepEqual(parseServerReference('vllm:http://h:8000/v1#org/m', 'base'), {
    engine: 'vllm',
    address: { url: 'http://h:8000/v1', model: 'org/m' },
  });
  assert.equal(parseServerReference('gemma-3-270m', 'base'), undefined);
  assert.equal(parseServerReference('hf:owner/repo/file.gguf', 'base'), undefined);
  assert.throws(() => parseServerReference('vllm:localhost:8000', 'base'), /base vllm:http:\/\/localhost:8000/);
  assert.throws(() => parseServerReference('chat:https://user:pw@h/v1', 'draft'), /draft chat: can't take a user/);
});

test('a pair on servers answers with both models, and each alone', async (context) => {
  const { base, draft } = await servePair(context);
  const models = await loadModels({ base, draft }, BOTH);
  context.after(() => models.close());
  const answer = async (strategy: 'wsd' | 'base' | 'draft') => {
    let text = '';
    for await (const event of decode(models, { prompt: 'Hi', strategy, maxTokens: 32 })) {
      if (event.type === 'token') text += event.text;
    }
    return text;
  };
  assert.equal(await answer('draft'), 'The cat sat on');
  assert.equal(await answer('base'), ' the mat. The cat sat.');
  assert.ok((await answer('wsd')).startsWith('The cat sat on'));
});

test('only the servers that are needed are asked', async (context) => {
  const { base, draft, servers } = await servePair(context);
  await (await loadModels({ base, draft }, ['draft'])).close();
  assert.deepEqual([servers[0].calls.length, servers[1].calls.length], [0, 1]);
});

test('each server gets the key of its own role', async (context) => {
  const { base, draft, servers } = await servePair(context);
  const before = process.env;
  context.after(() => (process.env = before));
  process.env = {
    ...before,
    WELLBEGUN_BASE_KEY: 'sk-base',
    WELLBEGUN_DRAFT_KEY: 'sk-draft',
    WELLBEGUN_ALIGNER_KEY: 'sk-aligner',
    OWN_BASE_KEY: 'sk-own',
  };
  /** Of the last request to the base's server, and of that to the draft's. */
  const sent = () => servers.map(({ calls }) => calls.at(-1)?.authorization);
  await (await loadModels({ base, draft }, BOTH)).close();
  assert.deepEqual(sent(), ['Bearer sk-base', 'Bearer sk-draft']);
  await (await loadModels({ base, draft, baseKeyEnv: 'OWN_BASE_KEY', draftKeyEnv: 'UNSET' }, BOTH)).close();
  assert.deepEqual(sent(), ['Bearer sk-own', undefined]);
  // What is said of the base's tokenizer and template is not said of it.
  await (await loadModels({ aligner: base, tokenizer: '/no/such', template: 'chat' }, ['aligner'])).close();
  assert.equal(sent()[0], 'Bearer sk-aligner');
});

test('what can not be done with a server is refused', async (context) => {
  const { base, draft } = await servePair(context);
  const load = (settings: object) => loadModels({ base, draft, ...settings }, BOTH);
  await assert.rejects(load({ base: draft }), { name: 'CapabilityError', message: /A chat endpoint can be a draft/ });
  await assert.rejects(load({ template: 'chat' }), { name: 'ConfigError', message: /tokenizer/ });
  await assert.rejects(load({ draftTemplate: '{{ 1 }}' }), { name: 'ConfigError', message: /draftTemplate/ });
  await assert.rejects(load({ context: 100_000 }), {
    name: 'ConfigError',
    message: /context 100000 is more than the 4095/,
  });
  await assert.rejects(load({ base: 'vllm:http://127.0.0.1:59998' }), {
    name: 'EngineError',
    message: /can't be reached/,
  });
});

test('what a server has no setting for is refused before any work, unless it would change nothing', async (context) => {
  const { base, draft, servers } = await servePair(context);
  const models = await loadModels({ base, draft }, BOTH);
  context.after(() => models.close());
  const before = servers.map(({ calls }) => calls.length);
  for (const strategy of ['wsd', 'draft', 'base']) {
    await assert.rejects(decode(models, { prompt: 'Hi', strategy, repetitionPenalty: 1.2 }).next(), {
      name: 'CapabilityError',
      message: /repetitionPenalty 1.2/,
    });
  }
  await assert.rejects(decode(models, { prompt: 'Hi', topK: 5, temperature: 1 }).next(), { name: 'CapabilityError' });
  assert.deepEqual(
    servers.map(({ calls }) => calls.length),
    before,
  );
  const events = decode(models, { prompt: 'Hi', topK: 5, temperature: 0 });
  assert.equal((await events.next()).done, false);
  await events.return(undefined as never);
});

test('a criterion that needs the entropy is refused before any work, one that needs the first choice is not', async (context) => {
  const { base, draft, servers } = await servePair(context);
  const models = await loadModels({ base, draft }, BOTH);
  context.after(() => models.close());
  const before = servers[1].calls.length;
  await assert.rejects(decode(models, { prompt: 'Hi', criterion: 'entropy' }).next(), {
    name: 'CapabilityError',
    message: /needs the entropy of each token/,
  });
  assert.equal(servers[1].calls.length, before);
  await decode(models, { prompt: 'Hi', criterion: 'agreement' }).next();
});
