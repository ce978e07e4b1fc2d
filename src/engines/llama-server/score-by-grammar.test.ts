import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { type FakeDialect, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import type { TokenId } from '../../core/language-model.ts';
import { HttpClient } from '../http/http-client.ts';
import { pseudoRandom } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { scoreByGrammar } from './score-by-grammar.ts';

async function serve(context: TestContext, dialect: FakeDialect) {
  const model = scriptedModel({ bosText: '<s>', next: pseudoRandom(7) });
  const server = await openFakeServer(model, dialect);
  const client = new HttpClient({ engine: 'llama-server', url: server.url, retryDelayMs: 1 });
  context.after(async () => {
    await client.close();
    await server.close();
  });
  const prefix = await model.encode([{ text: '<s>', control: true }]);
  /** As far as the server tells it. */
  const expected = async (tokens: readonly TokenId[]) =>
    (await model.score(prefix, tokens, { statistics: true })).map(({ token, logprob, firstChoice }) => ({
      token,
      logprob,
      firstChoice,
    }));
  return { model, server, client, prefix, expected };
}

test('scores tokens that end within a character, which the server says nothing of', async (context) => {
  const { model, client, prefix, expected } = await serve(context, fakeLlamaServer());
  // 怀 is E6 80 80: its hidden and its last token are the same.
  for (const text of ['naïve 🎉', '怀', '怀怀 x']) {
    const continuation = await model.encode([{ text, control: false }]);
    for (const tokens of [continuation, continuation.slice(0, -1)]) {
      assert.deepEqual(await scoreByGrammar(client, prefix, tokens, { statistics: true }), await expected(tokens));
    }
  }
});

test('is asked again where the connection breaks in the middle, and gives each score once', async (context) => {
  const broken = new Set<string>();
  const fake = fakeLlamaServer();
  const { model, server, client, prefix, expected } = await serve(context, async (scripted, call) => {
    const question = JSON.stringify(call.body);
    if (broken.has(question)) return await fake(scripted, call);
    broken.add(question);
    let events = 0;
    const stream = () => {
      const send = call.stream();
      return (data: unknown) => {
        send(data);
        if (++events === 2) setTimeout(() => server.die(), 20);
      };
    };
    await fake(scripted, { ...call, stream });
    return await new Promise(() => undefined);
  });
  const tokens = await model.encode([{ text: 'a 怀', control: false }]);
  assert.deepEqual(await scoreByGrammar(client, prefix, tokens, { statistics: true }), await expected(tokens));
  // All at once, and two tokens within a character: each twice.
  assert.equal(server.calls.length, 6);
});
