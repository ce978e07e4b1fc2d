import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { type FakeDialect, HttpRefusal, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeSglang } from '../../../test/fixtures/fake-servers/fake-sglang.ts';
import { FILE_TOKENIZER, tokenizerFolder } from '../../../test/fixtures/tokenizer-file.ts';
import { readGenerated } from '../conformance/read-generated.ts';
import { pseudoRandom } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { openSglangModel } from './open-sglang-model.ts';

const CONTEXT = 64;

suite('SGLang', () => {
  const folder = tokenizerFolder();

  async function open(context: TestContext, dialect: FakeDialect = fakeSglang()) {
    const next = pseudoRandom(3, { endProbability: 0 });
    const scripted = scriptedModel({ tokenizer: FILE_TOKENIZER, bosText: '<s>', next, contextLength: CONTEXT });
    const server = await openFakeServer(scripted, dialect);
    context.after(() => server.close());
    const model = await openSglangModel({ address: { url: server.url, model: undefined }, tokenizer: folder() });
    context.after(() => model.close());
    const [bos] = await model.encode([{ text: '<s>', control: true }]);
    const [word] = await model.encode([{ text: ' the', control: false }]);
    return { model, bos: bos!, word: word! };
  }

  test('a text has as many tokens as the server takes, whether it tells how many or not', async (context) => {
    const silent: FakeDialect = (model, call) => {
      if (call.path === '/server_info') throw new HttpRefusal(403, 'Forbidden');
      return fakeSglang()(model, call);
    };
    for (const dialect of [fakeSglang(), silent]) {
      const { model, bos, word } = await open(context, dialect);
      assert.equal(model.info.contextLength, CONTEXT - 7);
      const most = Array.from({ length: model.info.contextLength - 1 }, () => word);
      assert.equal((await model.score([bos], most)).length, most.length);
    }
  });

  test('a small cache makes it fewer', async (context) => {
    const { model } = await open(context, async (scripted, call) =>
      call.path === '/server_info' ? { max_req_input_len: 51 } : await fakeSglang()(scripted, call),
    );
    assert.equal(model.info.contextLength, 50);
  });

  test('an answer that it aborts is an error with its words', async (context) => {
    let opened = false;
    const { model, bos } = await open(context, async (scripted, call) => {
      if (!opened || !call.body['stream']) return await fakeSglang()(scripted, call);
      const finish_reason = { type: 'abort', message: 'Out of memory.', status_code: 500, err_type: null };
      call.stream()({ text: '', output_ids: [1], meta_info: { completion_tokens: 1, finish_reason } });
      return undefined;
    });
    opened = true;
    await assert.rejects(readGenerated(model, [bos]), { name: 'EngineError', message: /broke off: Out of memory\./ });
  });
});
