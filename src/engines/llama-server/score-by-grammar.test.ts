import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { HttpClient } from '../http/http-client.ts';
import { pseudoRandom } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { scoreByGrammar } from './score-by-grammar.ts';

test('scores tokens that end within a character, which the server says nothing of', async (context) => {
  const model = scriptedModel({ bosText: '<s>', next: pseudoRandom(7) });
  const server = await openFakeServer(model, fakeLlamaServer());
  const client = new HttpClient({ engine: 'llama-server', url: server.url });
  context.after(async () => {
    await client.close();
    await server.close();
  });
  const prefix = await model.encode([{ text: '<s>', control: true }]);
  // 怀 is E6 80 80: its hidden and its last token are the same.
  for (const text of ['naïve 🎉', '怀', '怀怀 x']) {
    const continuation = await model.encode([{ text, control: false }]);
    for (const tokens of [continuation, continuation.slice(0, -1)]) {
      const scores = await scoreByGrammar(client, prefix, tokens, { statistics: true });
      const expected = await model.score(prefix, tokens, { statistics: true });
      assert.deepEqual(
        scores,
        expected.map(({ token, logprob, firstChoice }) => ({ token, logprob, firstChoice })),
      );
    }
  }
});
