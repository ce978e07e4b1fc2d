import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, streamText } from 'ai';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { API_KEY, type RunningGateway, startGateway } from './start-gateway.ts';
import { within } from './within.ts';

suite('the AI SDK with @ai-sdk/openai-compatible', () => {
  let gateway: RunningGateway;
  let wellbegun: ReturnType<typeof createOpenAICompatible>;

  before(async () => {
    gateway = await startGateway();
    wellbegun = createOpenAICompatible({
      name: 'wellbegun',
      baseURL: gateway.url,
      apiKey: API_KEY,
      includeUsage: true,
    });
  });
  after(() => gateway.stop());

  test('streamText streams a chat answer, with usage and finish reason', async () => {
    const result = streamText({ model: wellbegun('tiny'), prompt: 'Tell me a story.' });
    const pieces = await Array.fromAsync(result.textStream);
    assert.equal(pieces.join(''), STORY);
    assert.ok(pieces.length > 15, `${pieces.length} pieces`);
    assert.equal(await result.finishReason, 'stop');
    assert.equal((await result.usage).outputTokens, 24);
  });

  test('generateText, with settings that the gateway has', async () => {
    const result = await generateText({
      model: wellbegun('tiny'),
      instructions: 'Tell stories.',
      prompt: 'Tell me one.',
      temperature: 0,
      topP: 0.9,
      seed: 1,
      maxOutputTokens: 6,
      stopSequences: ['old'],
    });
    // Six tokens of the base's vocabulary.
    assert.equal(result.text, 'Rain fell softly wh');
    assert.equal(result.finishReason, 'length');
  });

  test('options of wellbegun pass through providerOptions', async () => {
    const { text } = await generateText({
      model: wellbegun('tiny'),
      prompt: 'hi',
      providerOptions: { wellbegun: { criterion: 'fixed(2)', trace: true } },
    });
    assert.ok(text.startsWith('Ra'));
    const wrong = { wellbegun: { criterion: 'no-such' } };
    await assert.rejects(
      generateText({ model: wellbegun('tiny'), prompt: 'hi', providerOptions: wrong }),
      APICallError,
    );
  });

  test('text completions stream too', async () => {
    const result = streamText({
      model: wellbegun.completionModel('tiny:base'),
      prompt: 'Rain fell',
      maxOutputTokens: 5,
    });
    assert.ok((await result.text).length > 0);
    assert.equal(await result.finishReason, 'length');
  });

  test('an abort reaches the engine', async () => {
    const controller = new AbortController();
    const result = streamText({
      model: wellbegun.completionModel('long:base'),
      prompt: 'hi',
      maxOutputTokens: 400,
      abortSignal: controller.signal,
    });
    const types: string[] = [];
    for await (const part of result.stream) {
      types.push(part.type);
      if (part.type === 'text-delta') controller.abort();
    }
    assert.equal(types.at(-1), 'abort');
    await within(2000, async () => (await gateway.metric('wellbegun_requests_in_flight')) === 0);
    assert.equal(await gateway.metric('wellbegun_engine_errors_total'), 0);
  });

  test('an error says what the gateway said', async () => {
    await assert.rejects(generateText({ model: wellbegun('no-such-pair'), prompt: 'hi' }), (error) => {
      assert.ok(APICallError.isInstance(error));
      assert.equal(error.statusCode, 404);
      assert.match(error.message, /no-such-pair/);
      return true;
    });
  });
});
