import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { HumanMessage } from '@langchain/core/messages';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { ChatOpenAI, OpenAI } from '@langchain/openai';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { API_KEY, type RunningGateway, startGateway } from './start-gateway.ts';
import { within } from './within.ts';

const outputTokens = (message: { usage_metadata?: unknown }) =>
  (message.usage_metadata as { output_tokens: number } | undefined)?.output_tokens;

suite('LangChain JS', () => {
  let gateway: RunningGateway;
  let settings: { model: string; apiKey: string; maxRetries: number; configuration: { baseURL: string } };

  before(async () => {
    gateway = await startGateway();
    settings = { model: 'tiny', apiKey: API_KEY, maxRetries: 0, configuration: { baseURL: gateway.url } };
  });
  after(() => gateway.stop());

  test('a chain of prompt, model and parser', async () => {
    const prompt = ChatPromptTemplate.fromMessages([
      ['system', 'You tell stories about {topic}.'],
      ['human', 'Tell me one.'],
    ]);
    const chain = prompt.pipe(new ChatOpenAI(settings)).pipe(new StringOutputParser());
    assert.equal(await chain.invoke({ topic: 'rain' }), STORY);
  });

  test('an answer has usage, finish reason and logprobs', async () => {
    const message = await new ChatOpenAI({ ...settings, logprobs: true }).invoke('Tell me a story.');
    assert.equal(message.text, STORY);
    assert.equal(outputTokens(message), 24);
    const { finish_reason, logprobs } = message.response_metadata as {
      finish_reason: string;
      logprobs: { content: unknown[] };
    };
    assert.deepEqual([finish_reason, logprobs.content.length], ['stop', 24]);
  });

  test('a stream, piece by piece, with usage in its sum', async () => {
    const chunks = await Array.fromAsync(await new ChatOpenAI(settings).stream('Tell me a story.'));
    assert.equal(chunks.map(({ text }) => text).join(''), STORY);
    assert.ok(chunks.length > 15);
    const whole = chunks.reduce((sum, chunk) => sum.concat(chunk));
    assert.equal(outputTokens(whole), 24);
  });

  test('several choices of one question, and several questions', async () => {
    const model = new ChatOpenAI({ ...settings, n: 2, temperature: 0 });
    const { generations } = await model.generate([
      [new HumanMessage('Tell me a story.')],
      [new HumanMessage('Tell me another.')],
    ]);
    assert.deepEqual(
      generations.map((choices) => choices.map(({ text }) => text)),
      [
        [STORY, STORY],
        [STORY, STORY],
      ],
    );
  });

  test('the completions model goes on from a text', async () => {
    const text = await new OpenAI({ ...settings, model: 'tiny:base', maxTokens: 5, temperature: 0 }).invoke(
      'Rain fell',
    );
    assert.ok(text.length > 0);
  });

  test('a signal ends the stream, and the engine', async () => {
    const controller = new AbortController();
    const model = new OpenAI({ ...settings, model: 'long:base', maxTokens: 400 });
    const reading = (async () => {
      const stream = await model.stream('hi', { signal: controller.signal });
      for await (const _ of stream) controller.abort();
    })();
    await assert.rejects(reading, /abort/i);
    await within(2000, async () => (await gateway.metric('wellbegun_requests_in_flight')) === 0);
  });
});
