import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { fakeOpenai } from '../../../test/fixtures/fake-servers/fake-openai.ts';
import { type FakeDialect, HttpRefusal, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeSglang } from '../../../test/fixtures/fake-servers/fake-sglang.ts';
import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { FILE_TOKENIZER, tokenizerFolder } from '../../../test/fixtures/tokenizer-file.ts';
import { wholeCharacters } from '../../../test/fixtures/whole-characters.ts';
import type { TokenId } from '../../core/language-model.ts';
import { openLlamaServerModel } from '../llama-server/open-llama-server-model.ts';
import { openOpenaiModel } from '../openai/open-openai-model.ts';
import { pseudoRandom } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { openSglangModel } from '../sglang/open-sglang-model.ts';
import { openVllmModel } from '../vllm/open-vllm-model.ts';

const OPEN = {
  vllm: openVllmModel,
  'llama-server': openLlamaServerModel,
  openai: openOpenaiModel,
  sglang: openSglangModel,
};

suite('a server that can not be a base is refused when it is opened', () => {
  const folder = tokenizerFolder();

  async function open(context: TestContext, engine: keyof typeof OPEN, dialect: FakeDialect, tokenizer?: string) {
    const scripted = scriptedModel({
      tokenizer: FILE_TOKENIZER,
      bosText: '<s>',
      next: wholeCharacters(pseudoRandom(3, { endProbability: 0 })),
    });
    const server = await openFakeServer(scripted, dialect);
    context.after(() => server.close());
    const model = await OPEN[engine]({ address: { url: server.url, model: undefined }, tokenizer });
    context.after(() => model.close());
    return model;
  }

  test('without logprobs of the prompt', async (context) => {
    await assert.rejects(open(context, 'openai', fakeOpenai({ noEcho: true }), folder()), {
      name: 'CapabilityError',
      message: /^openai at http.* does not return the logprobs of a prompt/,
    });
  });

  test('whose refusal of the logprobs of a prompt is said in its own words', async (context) => {
    for (const status of [400, 404, 422, 500]) {
      await assert.rejects(open(context, 'openai', fakeOpenai({ refusesEcho: status }), folder()), {
        name: 'CapabilityError',
        code: 'no-prompt-logprobs',
        message: new RegExp(`which a base needs \\(${status}: Only no echo is supported\\): use a server`),
      });
    }
  });

  test('whose refusal of something else is told as it is', async (context) => {
    const broken: FakeDialect = async (model, call) => {
      if (call.body['echo']) throw new HttpRefusal(500, 'out of memory');
      return await fakeOpenai()(model, call);
    };
    await assert.rejects(open(context, 'openai', broken, folder()), { name: 'EngineError', code: 'server-failed' });
    let opened = false;
    const full: FakeDialect = async (model, call) => {
      if (opened && call.body['echo']) throw new HttpRefusal(400, 'too long');
      return await fakeOpenai()(model, call);
    };
    const model = await open(context, 'openai', full, folder());
    opened = true;
    await assert.rejects(model.score([0 as TokenId], [1 as TokenId]), { name: 'EngineError', code: 'refused' });
  });

  test('with scores that belong to the token before', async (context) => {
    await assert.rejects(open(context, 'openai', fakeOpenai({ shifted: true }), folder()), {
      name: 'CapabilityError',
      message: /can't be a base: what it scores and what it writes differ by/,
    });
  });

  test('with scores for another number of tokens, or none for a token', async (context) => {
    const short: FakeDialect = async (model, call) => {
      const reply = await fakeVllm(model, call);
      const [choice] = (reply as { choices?: { prompt_logprobs?: unknown[] }[] } | undefined)?.choices ?? [];
      choice?.prompt_logprobs?.pop();
      return reply;
    };
    await assert.rejects(open(context, 'vllm', short), { name: 'EngineError', message: /scores for a prompt of/ });
    const sglangShort: FakeDialect = async (model, call) => {
      const reply = await fakeSglang()(model, call);
      (reply as { meta_info?: { input_token_logprobs: unknown[] } } | undefined)?.meta_info?.input_token_logprobs.pop();
      return reply;
    };
    await assert.rejects(open(context, 'sglang', sglangShort, folder()), {
      name: 'EngineError',
      message: /scores for \d+ tokens/,
    });
  });

  test('that reports probabilities which are not its own', async (context) => {
    for (const [settings, says] of [
      [{ speculative: true }, /it speculates, .* Start it without a draft model/],
      [{ backendSampling: true }, /samples in the backend/],
      [{ noSlots: true }, /does not say whether it speculates/],
    ] as const) {
      await assert.rejects(open(context, 'llama-server', fakeLlamaServer(settings)), {
        name: 'CapabilityError',
        message: says,
      });
    }
  });

  test('of another kind', async (context) => {
    const other: FakeDialect = () => Promise.reject(new HttpRefusal(404, 'Not Found'));
    for (const engine of Object.keys(OPEN) as (keyof typeof OPEN)[]) {
      await assert.rejects(open(context, engine, other, folder()), { name: 'EngineError', code: 'not-found' });
    }
  });

  test('without a tokenizer to ask', async (context) => {
    for (const [engine, dialect] of [
      ['openai', fakeOpenai()],
      ['sglang', fakeSglang()],
    ] as const) {
      await assert.rejects(open(context, engine, dialect), { name: 'ConfigError', message: /tokenizer/ });
    }
  });

  test('what does not fit its context is the question’s fault, not that of the server', async (context) => {
    const model = await open(context, 'vllm', fakeVllm, folder());
    const prefix = Array<TokenId>(model.info.contextLength + 1).fill(1 as TokenId);
    await assert.rejects(model.score(prefix, []), { name: 'ContextOverflowError', code: 'context-full' });
  });
});
