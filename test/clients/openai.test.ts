import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { API_KEY, RARE_KEY, type RunningGateway, startGateway } from './start-gateway.ts';
import { within } from './within.ts';

/** Of 16 texts of 400 tokens. */
const WHOLE = 6400;
const TRIES = 5;

const messages = [{ role: 'user' as const, content: 'Tell me a story.' }];

suite('the package openai of npm', () => {
  let gateway: RunningGateway;
  let client: OpenAI;

  before(async () => {
    gateway = await startGateway();
    client = new OpenAI({ baseURL: gateway.url, apiKey: API_KEY });
  });
  after(() => gateway.stop());

  /** What was not written any more is in no count. An abort that a busy machine brings too late is tried again. */
  async function assertAborted(abort: () => Promise<void>): Promise<void> {
    let written = WHOLE;
    for (let tries = 0; tries < TRIES && written >= WHOLE; tries++) {
      const before = await gateway.metric('wellbegun_tokens_total');
      await abort();
      await within(10_000, async () => (await gateway.metric('wellbegun_requests_in_flight')) === 0);
      written = (await gateway.metric('wellbegun_tokens_total')) - before;
    }
    assert.ok(written < WHOLE, `${written} tokens, ${TRIES} times`);
  }

  test('lists the models', async () => {
    const ids = (await client.models.list()).data.map(({ id }) => id);
    assert.deepEqual(ids, ['tiny', 'tiny:base', 'tiny:draft', 'long', 'long:base', 'long:draft']);
    assert.equal((await client.models.retrieve('tiny')).id, 'tiny');
  });

  test('a whole answer, with usage', async () => {
    const { choices, usage } = await client.chat.completions.create({ model: 'tiny', messages });
    assert.deepEqual([choices[0]?.message.content, choices[0]?.finish_reason], [STORY, 'stop']);
    assert.equal(usage?.completion_tokens, 24);
    assert.equal(usage.total_tokens, usage.prompt_tokens + 24);
  });

  test('a stream, token by token, with one chunk of usage at its end', async () => {
    const stream = await client.chat.completions.create({
      model: 'tiny',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    const texts = chunks.flatMap(({ choices }) => choices[0]?.delta.content || []);
    assert.equal(texts.join(''), STORY);
    assert.ok(texts.length > 15, `${texts.length} chunks`);
    assert.equal(chunks[0]?.choices[0]?.delta.role, 'assistant');
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
    assert.deepEqual(
      chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []),
      ['stop'],
    );
    assert.deepEqual(
      chunks.flatMap(({ usage }) => usage ?? []).map((usage) => usage.completion_tokens),
      [24],
    );
    assert.deepEqual(chunks.at(-1)?.choices, []);
  });

  test('the helper that collects a stream', async () => {
    const stream = client.chat.completions.stream({ model: 'tiny', messages });
    assert.equal(await stream.finalContent(), STORY);
  });

  test('an abort in the middle of a stream reaches the engine', async () => {
    await assertAborted(async () => {
      const stream = await client.completions.create({
        model: 'long:base',
        prompt: 'hi',
        stream: true,
        n: 16,
        max_tokens: 400,
      });
      let chunks = 0;
      for await (const _ of stream) if (++chunks === 3) break;
      assert.equal(chunks, 3);
    });
    assert.equal(
      (await client.chat.completions.create({ model: 'tiny', messages })).choices[0]?.message.content,
      STORY,
    );
  });

  test('an AbortSignal rejects the request with the name of an abort', async () => {
    await assertAborted(async () => {
      const controller = new AbortController();
      const request = client.completions.create(
        { model: 'long:base', prompt: 'hi', n: 16, max_tokens: 400 },
        { signal: controller.signal },
      );
      setTimeout(() => controller.abort(), 50);
      await assert.rejects(request, OpenAI.APIUserAbortError);
    });
  });

  test('several choices, each with its own end', async () => {
    const stream = await client.chat.completions.create({ model: 'tiny', messages, n: 3, stream: true, max_tokens: 6 });
    const texts = ['', '', ''];
    const reasons: (string | undefined)[] = [];
    for await (const { choices } of stream) {
      for (const { index, delta, finish_reason } of choices) {
        texts[index] += delta.content ?? '';
        if (finish_reason) reasons[index] = finish_reason;
      }
    }
    assert.ok(texts.every((text) => text !== '' && STORY.startsWith(text)));
    assert.deepEqual(reasons, ['length', 'length', 'length']);
  });

  test('logprobs of every token', async () => {
    const { choices } = await client.chat.completions.create({ model: 'tiny', messages, logprobs: true });
    const tokens = choices[0]?.logprobs?.content ?? [];
    assert.equal(tokens.map(({ token }) => token).join(''), STORY);
    assert.ok(tokens.every(({ logprob }) => logprob <= 0));
    // The base's table gives the story's first piece 0.05.
    assert.ok(Math.abs(Math.exp(tokens[0]!.logprob) - 0.05) < 1e-4);
  });

  test('a stop text ends the answer before it', async () => {
    const { choices } = await client.chat.completions.create({ model: 'tiny', messages, stop: ['cat slept'] });
    assert.deepEqual(
      [choices[0]?.message.content, choices[0]?.finish_reason],
      ['Rain fell softly while an old grey ', 'stop'],
    );
  });

  test('text completions, with an echo and its logprobs', async () => {
    const { choices } = await client.completions.create({
      model: 'tiny:base',
      prompt: 'Rain fell',
      max_tokens: 0,
      echo: true,
      logprobs: 1,
    });
    assert.equal(choices[0]?.text, 'Rain fell');
    assert.equal(choices[0].logprobs?.token_logprobs?.[0], null);
  });

  test('errors are of their kinds, with a reason, a field and a request id', async () => {
    const create = (body: object, apiKey = API_KEY) =>
      new OpenAI({ baseURL: gateway.url, apiKey, maxRetries: 0 }).chat.completions.create({
        model: 'tiny',
        messages,
        ...body,
      });
    await assert.rejects(create({}, 'a-key-that-nobody-gave'), AuthenticationError);
    await assert.rejects(create({ model: 'gpt-4o' }), NotFoundError);
    await assert.rejects(create({ temperature: -1 }), (error) => {
      assert.ok(error instanceof BadRequestError);
      assert.deepEqual([error.param, error.type], ['temperature', 'invalid_request_error']);
      assert.match(error.message, /temperature/);
      assert.ok(error.requestID);
      return true;
    });
    await assert.rejects(create({ frequency_penalty: 1 }), /frequency_penalty/);
    await assert.rejects(create({ messages: [{ role: 'user', content: 'long '.repeat(5000) }] }), BadRequestError);
  });

  test('what is over the limit of a key says when to come back', async () => {
    const rare = new OpenAI({ baseURL: gateway.url, apiKey: RARE_KEY, maxRetries: 0 });
    const body = { model: 'tiny', messages };
    await rare.chat.completions.create(body);
    await assert.rejects(rare.chat.completions.create(body), (error) => {
      assert.ok(error instanceof RateLimitError);
      const seconds = Number(error.headers?.get('retry-after'));
      assert.ok(seconds > 0 && seconds <= 60, String(seconds));
      return true;
    });
  });
});
