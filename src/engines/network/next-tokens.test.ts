// What a server tells of the next token is what its model says: ids, logprobs, bytes, and which tokens end a text.
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { fakeOpenai } from '../../../test/fixtures/fake-servers/fake-openai.ts';
import { type FakeDialect, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeSglang } from '../../../test/fixtures/fake-servers/fake-sglang.ts';
import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { passesProbe } from '../../../test/fixtures/fake-servers/passes-probe.ts';
import { FILE_TOKENIZER, tokenizerFolder } from '../../../test/fixtures/tokenizer-file.ts';
import { scriptedReward } from '../scripted/scripted-reward.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import { args } from '../../strategies/args.ts';
import { cards } from '../../strategies/cards.ts';
import { openLlamaServerModel } from '../llama-server/open-llama-server-model.ts';
import { openOpenaiModel } from '../openai/open-openai-model.ts';
import { collectEvents } from '../scripted/collect-events.ts';
import { byText } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { openSglangModel } from '../sglang/open-sglang-model.ts';
import { openVllmModel } from '../vllm/open-vllm-model.ts';
import type { NetworkModel } from './network-model.ts';
import type { NetworkModelOptions } from './network-model-options.ts';

const CONTROLS = ['<s>', '<|im_start|>', '<|im_end|>', '</s>'];
/** Characters that are equally likely, an end of text and an end of turn, a control token that ends nothing, one token more. */
const HEAD = { ' the': 0.4, '</s>': 0.2, '<|im_end|>': 0.1, '<|im_start|>': 0.1, a: 0.08, b: 0.08, '.': 0.04 };

const scripted = () =>
  scriptedModel({
    tokenizer: FILE_TOKENIZER,
    bosText: '<s>',
    controlTexts: ['<|im_start|>'],
    eosText: '</s>',
    endTexts: ['<|im_end|>'],
    next: passesProbe(byText(() => HEAD)),
    contextLength: 512,
  });

type Open = (options: NetworkModelOptions) => Promise<NetworkModel>;

const ENGINES: readonly (readonly [string, FakeDialect, Open, 'server' | 'file'])[] = [
  ['vllm', fakeVllm, openVllmModel, 'server'],
  ['vllm', fakeVllm, openVllmModel, 'file'],
  ['sglang', fakeSglang(), openSglangModel, 'file'],
  ['llama-server', fakeLlamaServer(), openLlamaServerModel, 'server'],
  ['llama-server', fakeLlamaServer(), openLlamaServerModel, 'file'],
];

suite('the most likely next tokens', () => {
  const folder = tokenizerFolder(scripted().vocabulary.controlTexts);

  async function start(context: TestContext, dialect: FakeDialect, open: Open, tokenizer: 'server' | 'file') {
    const server = await openFakeServer(scripted(), dialect);
    context.after(() => server.close());
    const address = { url: server.url, model: undefined };
    const model = await open({ address, ...(tokenizer === 'file' && { tokenizer: folder() }) });
    context.after(() => model.close());
    const prefix = await model.encode([
      { text: '<s>', control: true },
      { text: 'The cat', control: false },
    ]);
    return { server, model, prefix };
  }

  for (const [name, dialect, open, tokenizer] of ENGINES) {
    test(`of ${name}, tokenizer: ${tokenizer}, are those of its model`, async (context) => {
      const { model, prefix } = await start(context, dialect, open, tokenizer);
      for (const count of [1, 3, 7, 20]) {
        const { candidates } = await model.nextTokens!(prefix, count);
        const expected = await scripted().nextTokens(prefix, count);
        assert.deepEqual(
          candidates.map((candidate) => ({ ...candidate, bytes: [...candidate.bytes] })),
          expected.candidates.map((candidate) => ({ ...candidate, bytes: [...candidate.bytes] })),
        );
      }
    });

    test(`of ${name}, tokenizer: ${tokenizer}: each token is asked once whether it ends a text`, async (context) => {
      const { server, model, prefix } = await start(context, dialect, open, tokenizer);
      await model.nextTokens!(prefix, 7);
      const before = server.calls.length;
      await model.nextTokens!(prefix, 7);
      assert.equal(server.calls.length, before + 1);
    });

    test(`of ${name}, tokenizer: ${tokenizer}, let args choose as inside the process`, async (context) => {
      const { model } = await start(context, dialect, open, tokenizer);
      const respond = async (base: typeof model | ReturnType<typeof scripted>) => {
        const reward = scriptedReward({ of: (text) => (text.includes(' theb.') ? text.length / 2 : -text.length) });
        const strategy = args({ base, baseFormat: plainForm({}), reward, weight: 0.05 });
        const request = { messages: [{ role: 'user' as const, content: 'Hi' }], maxTokens: 6 };
        const sampling = { temperature: 1, seed: 4 };
        return (await collectEvents(strategy.decode({ ...request, sampling }))).trace;
      };
      const [actual, expected] = [await respond(model), await respond(scripted())];
      assert.ok(expected.tokens.length > 1);
      assert.deepEqual([actual.tokens, actual.finishReason], [expected.tokens, expected.finishReason]);
    });

    test(`of ${name}, tokenizer: ${tokenizer}, are not enough for cards`, async (context) => {
      const { model } = await start(context, dialect, open, tokenizer);
      const reward = scriptedReward({ of: () => 0 });
      assert.throws(() => cards({ base: model, baseFormat: plainForm({}), reward }), {
        name: 'CapabilityError',
        message: /^The strategy cards needs the entropy of the next token over the whole vocabulary, .* a base inside/,
      });
    });
  }

  test('that openai: does not tell by their ids are refused at start', async (context) => {
    const { model } = await start(context, fakeOpenai(), openOpenaiModel, 'file');
    const reward = scriptedReward({ of: () => 0 });
    assert.equal(model.nextTokens, undefined);
    assert.throws(() => args({ base: model, baseFormat: plainForm({}), reward }), {
      name: 'CapabilityError',
      message: /needs the most likely next tokens, which the engine of the base .* does not give/,
    });
  });

  test('more of them than vLLM tells at once are refused with a way out', async (context) => {
    const { model, prefix } = await start(context, fakeVllm, openVllmModel, 'server');
    await assert.rejects(model.nextTokens!(prefix, 21), {
      name: 'EngineError',
      message: /does not tell 21 next tokens at once: ask for fewer, or start it with --max-logprobs 21\.$/,
    });
  });

  test('without their ids, or without any, are no reply', async (context) => {
    const changed =
      (dialect: FakeDialect, change: (reply: string) => string): FakeDialect =>
      async (model, call) => {
        const reply = await dialect(model, call);
        return reply === undefined ? reply : (JSON.parse(change(JSON.stringify(reply))) as unknown);
      };
    const nameless = changed(fakeVllm, (reply) => reply.replaceAll(/token_id:\d+/g, 'word'));
    const vllm = await start(context, nameless, openVllmModel, 'server');
    await assert.rejects(vllm.model.nextTokens!(vllm.prefix, 3), {
      message: /answered with next tokens without their/,
    });
    const empty = changed(fakeSglang(), (reply) => reply.replace('output_top_logprobs', 'other'));
    const sglang = await start(context, empty, openSglangModel, 'file');
    await assert.rejects(sglang.model.nextTokens!(sglang.prefix, 3), { message: /output_top_logprobs is not as exp/ });
  });

  test('decode gives no bytes for control tokens that were never encoded', async (context) => {
    for (const [name, dialect, open, tokenizer] of ENGINES) {
      const { model } = await start(context, dialect, open, tokenizer);
      const { vocabulary } = scripted();
      const tokens = CONTROLS.map((text) => vocabulary.idOf(text));
      const lengths = (await model.decode(tokens)).map(({ length }) => length);
      assert.deepEqual(lengths, [0, 0, 0, 0], name);
    }
  });
});
