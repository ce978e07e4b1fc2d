import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { type FakeDialect, HttpRefusal, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeVllmScaleOut } from '../../../test/fixtures/fake-servers/fake-vllm-scale-out.ts';
import type { TokenScore } from '../../core/language-model.ts';
import { EXAMPLE_TOKENIZERS } from '../scripted/example-tokenizers.ts';
import { pseudoRandom } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { openVllmModel } from './open-vllm-model.ts';

const scripted = () =>
  scriptedModel({
    tokenizer: EXAMPLE_TOKENIZERS.merges,
    bosText: '<s>',
    next: pseudoRandom(11, { endProbability: 0 }),
    contextLength: 512,
  });

async function open(context: TestContext, dialect: FakeDialect) {
  const server = await openFakeServer(scripted(), dialect);
  context.after(() => server.close());
  const model = await openVllmModel({ address: { url: server.url, model: undefined } });
  context.after(() => model.close());
  const scorings = () =>
    server.calls.flatMap(({ body }) => {
      const sampling = body['sampling_params'] as { readonly skip_reading_prefix_cache?: boolean } | undefined;
      return sampling?.skip_reading_prefix_cache === undefined ? [] : [sampling.skip_reading_prefix_cache];
    });
  return { model, server, scorings };
}

function assertClose(actual: readonly TokenScore[], expected: readonly TokenScore[], statistics: boolean): void {
  assert.equal(actual.length, expected.length);
  for (const [i, { token, logprob, rank, firstChoice }] of expected.entries()) {
    const own = actual[i]!;
    assert.equal(own.token, token);
    assert.ok(Math.abs(own.logprob - logprob) < 1e-5);
    if (statistics) assert.deepEqual([own.rank, own.firstChoice], [rank, firstChoice]);
  }
}

for (const statistics of [false, true]) {
  test(`chunk after chunk is scored from the cache${statistics ? ' with statistics' : ''}`, async (context) => {
    const { model, scorings } = await open(context, fakeVllmScaleOut({ scoresFromOffset: true }));
    assert.equal(model.capabilities.prefixReuse, true);
    const prefix = await model.encode([
      { text: '<s>', control: true },
      { text: 'Rain', control: false },
    ]);
    const draft = await model.encode([
      { text: ' fell softly, and an old dog slept by the door of the inn.', control: false },
    ]);
    const opened = scorings().length;
    let chunks = 0;
    const scores: TokenScore[] = [];
    // From one token on, so that some chunks end where a block of the cache does.
    for (let done = 0; done < draft.length; chunks++) {
      const chunk = draft.slice(done, done + (chunks % 5) + 1);
      scores.push(...(await model.score([...prefix, ...draft.slice(0, done)], chunk, { statistics })));
      done += chunk.length;
    }
    assertClose(scores, await scripted().score(prefix, draft, { statistics }), statistics);
    const asked = scorings().slice(opened);
    if (statistics) return assert.ok(asked.filter((skips) => !skips).length === chunks);
    assert.deepEqual(
      asked,
      Array.from({ length: chunks }, () => false),
    );
  });

  test(`what the cache has already is read anew${statistics ? ' with statistics' : ''}`, async (context) => {
    const { model, scorings } = await open(context, fakeVllmScaleOut({ scoresFromOffset: true }));
    const prefix = await model.encode([{ text: 'Rain', control: false }]);
    const draft = await model.encode([{ text: ' fell softly, and an old dog slept.', control: false }]);
    await model.score(prefix, draft, { statistics });
    const opened = scorings().length;
    const again = await model.score(prefix, draft, { statistics });
    assertClose(again, await scripted().score(prefix, draft, { statistics }), statistics);
    assert.deepEqual(scorings().slice(opened), [false, true]);
  });
}

test('a server without a second model runner scores by completions', async (context) => {
  const { model, server } = await open(context, fakeVllmScaleOut({ scoresFromOffset: false }));
  assert.equal(model.capabilities.prefixReuse, false);
  const paths = new Set(server.calls.filter(({ body }) => body['stream'] === true).map(({ path }) => path));
  assert.deepEqual([...paths], ['/inference/v1/generate']);
  assert.ok(server.calls.some(({ path, body }) => path === '/v1/completions' && body['prompt_logprobs'] === 0));
});

test('a server that gives no scores where it computed all scores by completions', async (context) => {
  const current = fakeVllmScaleOut({ scoresFromOffset: true });
  const { model } = await open(context, async (scriptedServer, call) => {
    const reply = await current(scriptedServer, call);
    return reply === undefined ? undefined : { ...reply, prompt_token_id_logprobs: null };
  });
  assert.equal(model.capabilities.prefixReuse, false);
});

test('an older token endpoint, which gives no text, is left alone', async (context) => {
  const current = fakeVllmScaleOut({ scoresFromOffset: true });
  const { model, server } = await open(context, async (scriptedServer, call) => {
    if (call.body['output_mode'] === undefined) return await current(scriptedServer, call);
    return { choices: [{ index: 0, finish_reason: 'length', token_ids: [1] }] };
  });
  assert.equal(model.capabilities.prefixReuse, false);
  assert.ok(server.calls.some(({ path, body }) => path === '/v1/completions' && body['stream'] === true));
});

test('a server that fails at the token endpoint is not taken for one without it', async (context) => {
  const current = fakeVllmScaleOut({ scoresFromOffset: true });
  const failing: FakeDialect = (model, call) =>
    call.path === '/inference/v1/generate'
      ? Promise.reject(new HttpRefusal(500, 'out of memory'))
      : current(model, call);
  await assert.rejects(open(context, failing), { name: 'EngineError', message: /out of memory/ });
});
