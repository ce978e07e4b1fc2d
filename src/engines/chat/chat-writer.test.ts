import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeChatFaults, fakeChat } from '../../../test/fixtures/fake-servers/fake-chat.ts';
import { openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import type { DraftPiece } from '../../core/draft-writer.ts';
import type { FinishReason } from '../../core/language-model.ts';
import { EXAMPLE_TOKENIZERS } from '../scripted/example-tokenizers.ts';
import { writes } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { type ChatWriterOptions, openChatWriter } from './open-chat-writer.ts';

const ANSWER = 'The cat 🎉 sat on the mat.';
const USER = [{ role: 'user', content: 'Hi' }] as const;
const GREEDY = { temperature: 0, maxTokens: 100 };

async function serve(context: TestContext, faults: FakeChatFaults = {}) {
  const model = scriptedModel({
    tokenizer: EXAMPLE_TOKENIZERS.words,
    next: writes(ANSWER),
    // As a server that is ahead of its reader, but not by all of the answer.
    beforeToken: () => sleep(2),
  });
  const server = await openFakeServer(model, fakeChat(faults));
  context.after(() => server.close());
  const open = async (options: Partial<ChatWriterOptions> = {}) => {
    const writer = await openChatWriter({ engine: 'chat', address: { url: server.url, model: undefined }, ...options });
    context.after(() => writer.close());
    return writer;
  };
  return { model, server, open };
}

async function collect(pieces: AsyncGenerator<DraftPiece, FinishReason, void>) {
  const all: DraftPiece[] = [];
  for (;;) {
    const next = await pieces.next();
    if (next.done) return { text: all.map(({ text }) => text).join(''), pieces: all, end: next.value };
    all.push(next.value);
  }
}

test('writes what the endpoint streams, in whole characters, and says why it ended', async (context) => {
  const { open, server } = await serve(context);
  const writer = await open();
  assert.equal(writer.id, 'scripted');
  const { text, end, pieces } = await collect(writer.write(USER, GREEDY));
  assert.deepEqual([text, end], [ANSWER, 'stop']);
  assert.ok(pieces.every((piece) => piece.text.isWellFormed() && piece.logprob === undefined));
  assert.equal((await collect(writer.write(USER, { ...GREEDY, maxTokens: 2 }))).end, 'length');
  assert.deepEqual(await collect(writer.write(USER, { ...GREEDY, maxTokens: 0 })), {
    text: '',
    pieces: [],
    end: 'length',
  });
  const { body } = server.calls.find(({ path }) => path.endsWith('completions'))!;
  assert.deepEqual(body['messages'], USER);
  assert.equal(body['top_k'], undefined);
});

test('leaving it stops the endpoint, so that no more is paid for', async (context) => {
  const { open, model, server } = await serve(context);
  const pieces = (await open()).write(USER, GREEDY);
  await pieces.next();
  await pieces.return('stop');
  const [call] = model.calls;
  const endMs = performance.now() + 5000;
  while (!(server.left === 1 && call!.ended) && performance.now() < endMs) await sleep(5);
  assert.equal(server.left, 1);
  assert.ok(call!.ended && call!.tokens.length < 12, `${call!.tokens.length} tokens were written`);
});

test('an abort is heard', async (context) => {
  const controller = new AbortController();
  const pieces = (await (await serve(context)).open()).write(USER, { ...GREEDY, signal: controller.signal });
  await pieces.next();
  controller.abort();
  await assert.rejects(collect(pieces), { name: 'AbortError' });
});

test('logprobs come from servers that give them', async (context) => {
  const { open } = await serve(context);
  const writer = await open({ engine: 'vllm' });
  assert.equal(writer.givesLogprobs, true);
  const { pieces } = await collect(writer.write(USER, { ...GREEDY, logprobs: true }));
  assert.ok(pieces.every(({ logprob }) => logprob === 0));
});

test('logprobs after the temperature are refused where the temperature changes them', async (context) => {
  const { open } = await serve(context);
  const writer = await open({ engine: 'sglang' });
  const pieces = (temperature: number) => collect(writer.write(USER, { ...GREEDY, temperature, logprobs: true }));
  for (const temperature of [0, 1]) assert.ok((await pieces(temperature)).pieces.length > 0);
  await assert.rejects(pieces(0.7), {
    name: 'CapabilityError',
    code: 'tempered-logprobs',
    message: /temperature 0 or 1/,
  });
});

test('what an endpoint can not do is refused by its name', async (context) => {
  const { open } = await serve(context);
  const writer = await open();
  for (const [setting, flag] of [
    [{ topK: 5 }, 'topK 5'],
    [{ minP: 0.1 }, 'minP 0.1'],
    [{ repetitionPenalty: 1.2 }, 'repetitionPenalty 1.2'],
  ] as const) {
    await assert.rejects(collect(writer.write(USER, { ...GREEDY, temperature: 1, ...setting })), {
      name: 'CapabilityError',
      message: new RegExp(flag),
    });
  }
  // Without a draw it would change nothing.
  assert.equal((await collect(writer.write(USER, { ...GREEDY, topK: 5 }))).text, ANSWER);
  const beginning = [...USER, { role: 'assistant', content: 'Well,' }] as const;
  await assert.rejects(collect(writer.write(beginning, GREEDY)), /begins each answer anew/);
});

test('an answer that the endpoint’s filter cut says so, and a reason of its own counts as the end', async (context) => {
  for (const [finish, end] of [
    ['content_filter', 'content_filter'],
    // A server's own word for it is no loop that was noticed here.
    ['loop', 'stop'],
    ['eos', 'stop'],
  ] as const) {
    const { open } = await serve(context, { finish });
    assert.equal((await collect((await open()).write(USER, GREEDY))).end, end);
  }
});

test('a stream that ends without a reason, or breaks, is an error', async (context) => {
  const { open } = await serve(context, { noFinish: true });
  await assert.rejects(collect((await open()).write(USER, GREEDY)), /ended its answer without a reason/);
  const dying = await serve(context);
  const pieces = (await dying.open()).write(USER, GREEDY);
  await pieces.next();
  dying.server.die();
  await assert.rejects(collect(pieces), { name: 'EngineError', message: /The connection to chat at .* broke/ });
});

test('a model is named where there are several', async (context) => {
  const { open, server } = await serve(context, { models: ['small', 'large'] });
  await assert.rejects(open(), { name: 'ConfigError', message: /has several models: .*#small; it has small, large/ });
  const address = { url: server.url, model: 'large' };
  assert.equal((await open({ address })).id, 'large');
});

test('the key opens the endpoint and is in no error', async (context) => {
  const key = 'sk-topsecret';
  const { open } = await serve(context, { key });
  assert.equal((await collect((await open({ key })).write(USER, GREEDY))).text, ANSWER);
  await assert.rejects(open({ key: 'sk-wrongsecret', keyVariable: 'WELLBEGUN_DRAFT_KEY' }), (error: Error) => {
    assert.match(error.message, /check WELLBEGUN_DRAFT_KEY/);
    return !/secret/.test(`${error.message}${error.stack}${JSON.stringify(error)}`);
  });
});

test('a server that knows max_completion_tokens only is asked that way after its refusal', async (context) => {
  const { open, server } = await serve(context, { newTokensField: true });
  const writer = await open();
  for (let i = 0; i < 2; i++) assert.equal((await collect(writer.write(USER, GREEDY))).text, ANSWER);
  const fields = server.calls
    .filter(({ path }) => path.endsWith('completions'))
    .map(({ body }) => Object.keys(body).filter((field) => field.startsWith('max_')));
  assert.deepEqual(fields, [['max_tokens'], ['max_completion_tokens'], ['max_completion_tokens']]);
});

test('a beginning of nothing is none', async (context) => {
  const { open, server } = await serve(context);
  const { text } = await collect((await open()).write([...USER, { role: 'assistant', content: '' }], GREEDY));
  assert.equal(text, ANSWER);
  assert.deepEqual(server.calls.at(-1)!.body['messages'], USER);
});

test('chunks of nothing for ever are given up, thinking is not', async (context) => {
  const empty = { choices: [{ delta: { content: '' } }] };
  const chunks = await serve(context, { between: [empty, { choices: null }], chunks: Infinity });
  const writer = await chunks.open({ timeoutMs: 100 });
  await assert.rejects(collect(writer.write(USER, GREEDY)), { name: 'EngineError', code: 'timeout' });
  const thinks = { choices: [{ delta: { reasoning_content: 'Hm.' } }] };
  const thinking = await serve(context, { between: [thinks], chunks: 40 });
  const { text } = await collect((await thinking.open({ timeoutMs: 150 })).write(USER, GREEDY));
  assert.equal(text, ANSWER);
});
