import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createProviderRegistry, generateText, jsonSchema, streamText, tool } from 'ai';
import { makeTinyModels } from '../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { STORY } from '../../test/fixtures/tiny-gguf/story.ts';
import { CapabilityError, ConfigError, ContextOverflowError } from '../core/errors.ts';
import { loadPair, type Pair } from '../assembly/load-pair.ts';
import { createWellbegun, type ResponseMetadata, type WellbegunProvider } from './index.ts';

// The AI SDK prints warnings on stderr unless told not to; the tests read them from the results.
globalThis.AI_SDK_LOG_WARNINGS = false;

const metadataOf = (result: { providerMetadata: unknown }) =>
  (result.providerMetadata as { wellbegun: ResponseMetadata }).wellbegun;

suite('the AI SDK with the tiny pair', () => {
  let folder: string;
  let pair: Pair;
  let wellbegun: WellbegunProvider;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-ai-sdk-'));
    process.env['WELLBEGUN_CACHE'] = join(folder, 'cache');
    const models = await makeTinyModels(folder);
    pair = await loadPair({ base: models.sentencepiece, draft: models['byte-bpe'], threads: 1 });
    wellbegun = createWellbegun(pair);
  });
  after(async () => {
    await pair.close();
    await rm(folder, { recursive: true });
  });

  test('generateText gives the text, usage, finish reason, and where the base took over', async () => {
    const result = await generateText({ model: wellbegun(), prompt: 'Tell me a story.' });
    assert.equal(result.text, STORY);
    assert.deepEqual([result.finishReason, result.rawFinishReason], ['stop', 'stop']);
    assert.equal(result.usage.outputTokens, 24);
    assert.ok(result.usage.inputTokens! > 0);
    assert.equal(result.usage.totalTokens, result.usage.inputTokens! + 24);
    assert.deepEqual(result.warnings, []);
    const { strategy, switch: taken, usage, tokens } = metadataOf(result);
    assert.deepEqual([strategy, taken?.index, taken?.reason, usage.keptDraftTokens], ['wsd', 16, 'confident', 16]);
    assert.equal(tokens, undefined);
    assert.match(result.finalStep.response.id, /^wellbegun-/);
    assert.equal(result.finalStep.response.modelId, 'wsd');
  });

  test('streamText streams token by token, says who wrote what, and ends like generateText', async () => {
    const result = streamText({ model: wellbegun('wsd'), prompt: 'Tell me a story.' });
    const sources: unknown[] = [];
    let text = '';
    for await (const part of result.stream) {
      if (part.type !== 'text-delta') continue;
      text += part.text;
      sources.push(part.providerMetadata?.['wellbegun']?.['source']);
    }
    assert.equal(text, STORY);
    // 24 tokens, of which 3 end within a character.
    assert.deepEqual(sources, [...Array<string>(16).fill('draft'), ...Array<string>(5).fill('base')]);
    assert.equal(await result.finishReason, 'stop');
    assert.equal((await result.usage).outputTokens, 24);
    assert.equal(metadataOf(await result.finalStep).switch?.index, 16);
  });

  test('the base or the draft alone are models too, also of a registry', async () => {
    const registry = createProviderRegistry({ wellbegun });
    for (const name of ['base', 'draft'] as const) {
      const result = await generateText({ model: registry.languageModel(`wellbegun:${name}`), prompt: 'hi' });
      const { strategy, switch: taken } = metadataOf(result);
      assert.deepEqual([strategy, taken], [name, null]);
    }
    assert.throws(() => wellbegun.languageModel('gpt'), ConfigError);
    assert.throws(() => wellbegun.embeddingModel('wsd'), CapabilityError);
  });

  test('maxOutputTokens counts the tokens of both models', async () => {
    for (const [maxOutputTokens, switches] of [
      [5, false],
      [20, true],
    ] as const) {
      const result = await generateText({ model: wellbegun(), prompt: 'hi', maxOutputTokens });
      assert.ok(STORY.startsWith(result.text));
      assert.deepEqual([result.usage.outputTokens, result.finishReason], [maxOutputTokens, 'length']);
      assert.equal(metadataOf(result).switch !== null, switches);
    }
  });

  test('stop sequences end the text, within the draft and within the base', async () => {
    for (const [stop, expected] of [
      ['softly', 'Rain fell '],
      ['door', 'Rain fell softly while an old grey cat slept by the warm café '],
    ] as const) {
      const result = streamText({ model: wellbegun(), prompt: 'hi', stopSequences: [stop] });
      assert.deepEqual([await result.text, await result.finishReason], [expected, 'stop']);
    }
  });

  test('provider options change the switch, and ask for the trace', async () => {
    const providerOptions = { wellbegun: { criterion: 'fixed(3)', trace: true } };
    const result = await generateText({ model: wellbegun(), prompt: 'hi', providerOptions });
    const { switch: taken, tokens } = metadataOf(result);
    assert.equal(taken?.index, 3);
    assert.deepEqual(
      tokens?.slice(0, 4).map(({ source }) => source),
      ['draft', 'draft', 'draft', 'base'],
    );
    for (const wrong of [{ gama: 0.5 }, { gamma: 'high' }, { gamma: 2 }, { criterion: 'unknown' }]) {
      const refused = generateText({ model: wellbegun(), prompt: 'hi', providerOptions: { wellbegun: wrong } });
      await assert.rejects(refused, ConfigError);
    }
  });

  test('a seed repeats what a temperature makes random', async () => {
    const sample = async (seed: number) =>
      (await generateText({ model: wellbegun('draft'), prompt: 'hi', temperature: 5, seed, maxOutputTokens: 20 })).text;
    assert.equal(await sample(1), await sample(1));
    assert.notEqual(await sample(1), await sample(2));
  });

  test('settings without an effect here are warned of by name', async () => {
    const weather = tool({ inputSchema: jsonSchema<object>({ type: 'object' }), execute: () => 'dry' });
    const settings = { frequencyPenalty: 1, presencePenalty: 1, reasoning: 'high', tools: { weather } } as const;
    const { warnings } = await generateText({ model: wellbegun(), prompt: 'hi', ...settings });
    const features = warnings?.map((warning) => (warning.type === 'unsupported' ? warning.feature : warning));
    assert.deepEqual(features, ['frequencyPenalty', 'presencePenalty', 'tools', 'reasoning']);
  });

  test('what can not be done at all is refused', async () => {
    const weather = tool({ inputSchema: jsonSchema<object>({ type: 'object' }), execute: () => 'dry' });
    const image = { type: 'file', data: new Uint8Array([1]), mediaType: 'image/png' } as const;
    const model = wellbegun();
    await assert.rejects(
      generateText({ model, prompt: 'hi', tools: { weather }, toolChoice: 'required' }),
      CapabilityError,
    );
    await assert.rejects(generateText({ model, messages: [{ role: 'user', content: [image] }] }), CapabilityError);
    await assert.rejects(generateText({ model, prompt: 'long '.repeat(5000) }), ContextOverflowError);
  });

  test('an abort ends the stream, and the pair answers the next call', async () => {
    const controller = new AbortController();
    const result = streamText({ model: wellbegun(), prompt: 'hi', abortSignal: controller.signal });
    const types: string[] = [];
    for await (const part of result.stream) {
      types.push(part.type);
      if (part.type === 'text-delta') controller.abort();
    }
    assert.equal(types.at(-1), 'abort');
    assert.ok(!types.includes('finish'));
    const aborted = generateText({ model: wellbegun(), prompt: 'hi', abortSignal: AbortSignal.abort() });
    await assert.rejects(aborted, { name: 'AbortError' });
    assert.equal((await generateText({ model: wellbegun(), prompt: 'hi' })).text, STORY);
  });

  test('a conversation goes on, and a last assistant message is the beginning of the answer', async () => {
    const { text } = await generateText({
      model: wellbegun(),
      instructions: 'Tell stories.',
      messages: [
        { role: 'user', content: 'Tell me a story.' },
        { role: 'assistant', content: 'Rain' },
      ],
    });
    assert.equal(text, STORY.slice('Rain'.length));
  });
});
