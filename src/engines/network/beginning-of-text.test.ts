import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { type FakeDialect, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { passesProbe } from '../../../test/fixtures/fake-servers/passes-probe.ts';
import { EXAMPLE_TOKENIZERS } from '../scripted/example-tokenizers.ts';
import { writes } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { openLlamaServerModel } from '../llama-server/open-llama-server-model.ts';
import { openVllmModel } from '../vllm/open-vllm-model.ts';

const OF_SERVERS = {
  vllm: { dialect: fakeVllm, open: openVllmModel },
  'llama-server': { dialect: fakeLlamaServer(), open: openLlamaServerModel },
} satisfies Record<string, { dialect: FakeDialect; open: typeof openVllmModel }>;

for (const [name, { dialect, open }] of Object.entries(OF_SERVERS)) {
  suite(`the token that begins a text, of ${name}`, () => {
    for (const addsBos of [true, false]) {
      test(`is ${addsBos ? 'added where the server adds it' : 'left out where the server leaves it out'}`, async (context) => {
        const tokenizer = EXAMPLE_TOKENIZERS.merges;
        const served = scriptedModel({ tokenizer, bosText: '<s>', addsBos, next: passesProbe(writes(' the mat.')) });
        const server = await openFakeServer(served, dialect);
        context.after(() => server.close());
        const model = await open({ address: { url: server.url, model: undefined } });
        context.after(() => model.close());
        assert.equal(model.info.addsBos, addsBos);
        const [scored] = served.calls;
        assert.equal(served.vocabulary.textOf(scored!.prefix.slice(0, 1)) === '<s>', addsBos);
      });
    }
  });
}
