import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CapabilityError, ContextOverflowError, EngineError } from '../../core/errors.ts';
import type { SamplingParams } from '../../core/language-model.ts';
import { byText, pseudoRandom, writes } from './next-token.ts';
import { type ScriptedModel, scriptedModel } from './scripted-model.ts';
import { wordTokenizer } from './word-tokenizer.ts';

const weather = byText((text) =>
  text.endsWith('is') ? { ' sunny': 0.5, ' cold': 0.25, ' wet': 0.15, '</s>': 0.1 } : { '</s>': 1 },
);
const tokenizer = wordTokenizer([' sunny', ' cold', ' wet']);

async function write(
  model: ScriptedModel,
  text: string,
  sampling: Partial<SamplingParams> = {},
  maxTokens = 20,
): Promise<string> {
  const tokens = [];
  const prefix = model.vocabulary.encode([{ text, control: true }]);
  for await (const { token } of model.generate(prefix, { temperature: 0, maxTokens, ...sampling })) tokens.push(token);
  return model.vocabulary.textOf(tokens);
}

test('scores are the natural logarithms of what it was given, with rank and entropy', async () => {
  const model = scriptedModel({ next: weather, tokenizer });
  const prefix = model.vocabulary.encode([{ text: 'It is', control: false }]);
  const [score] = await model.score(prefix, [model.vocabulary.idOf(' cold')], { statistics: true });
  const entropy = -[0.5, 0.25, 0.15, 0.1].reduce((sum, p) => sum + p * Math.log(p), 0);
  assert.equal(score?.logprob, Math.log(0.25));
  assert.equal(score.rank, 2);
  assert.equal(score.firstChoice, model.vocabulary.idOf(' sunny'));
  assert.ok(Math.abs(score.entropy! - entropy) < 1e-12);
  const [impossible] = await model.score(prefix, [model.vocabulary.idOf('x')]);
  assert.equal(impossible?.logprob, -Infinity);
});

test('greedy decoding takes the most likely token, and ends at the end token', async () => {
  const model = scriptedModel({ next: weather, tokenizer });
  assert.equal(await write(model, 'It is'), ' sunny');
  assert.deepEqual(
    model.calls.map(({ method, ended }) => [method, ended]),
    [['generate', true]],
  );
});

test('sampling follows the probabilities, and what cuts them', async () => {
  const model = scriptedModel({ next: weather, tokenizer });
  const sample = async (sampling: Partial<SamplingParams>) => {
    const texts: string[] = [];
    for (let seed = 0; seed < 200; seed++)
      texts.push(await write(model, 'It is', { temperature: 1, seed, ...sampling }));
    return [' sunny', ' cold', ' wet', ''].map((text) => texts.filter((one) => one === text).length);
  };
  const [sunny, cold, wet, none] = await sample({});
  assert.ok(sunny! > 70 && sunny! < 130 && cold! > 25 && cold! < 75 && wet! > 10 && none! > 5);
  assert.deepEqual((await sample({ topK: 2 })).slice(2), [0, 0]);
  assert.deepEqual((await sample({ topP: 0.5 })).slice(1), [0, 0, 0]);
  assert.deepEqual((await sample({ topP: 0.51 })).slice(2), [0, 0]);
  assert.deepEqual((await sample({ minP: 0.4 })).slice(2), [0, 0]);
  assert.ok((await sample({ temperature: 0.2 }))[0]! > 180);
});

test('a scripted answer is written after its marker, in tokens of the tokenizer', async () => {
  const model = scriptedModel({ next: writes('so sunny 🎉', { marker: 'bot:' }), tokenizer });
  assert.equal(await write(model, 'me: hi\nbot:'), 'so sunny 🎉');
  assert.equal(model.calls[0]?.tokens.length, 2 + 1 + 5);
  assert.equal(await write(model, 'bot: x bot:so sun'), 'ny 🎉');
  assert.equal(await write(model, 'bot:else'), '');
  assert.equal(await write(model, 'no marker'), '');
});

test('a made-up model is a distribution, and the same every time', () => {
  const model = scriptedModel({ next: () => new Map(), controlTexts: ['<x>'] });
  const prefix = model.vocabulary.encode([{ text: 'abc', control: false }]);
  const distribution = pseudoRandom(3)(prefix, model.vocabulary);
  const sum = [...distribution.values()].reduce((total, p) => total + p, 0);
  assert.ok(Math.abs(sum - 1) < 1e-9);
  assert.ok([...distribution.values()].every((p) => p > 0));
  assert.equal(distribution.get(model.vocabulary.idOf('<x>')), undefined);
  assert.deepEqual(distribution, pseudoRandom(3)(prefix, model.vocabulary));
  assert.notDeepEqual(distribution, pseudoRandom(4)(prefix, model.vocabulary));
});

test('its context is a limit, and a prefix is needed', async () => {
  const model = scriptedModel({ next: pseudoRandom(1, { endProbability: 0 }), contextLength: 5 });
  const [a] = model.vocabulary.encode([{ text: 'a', control: false }]);
  assert.equal((await model.score([a!], [a!, a!, a!, a!])).length, 4);
  await assert.rejects(model.score([a!], [a!, a!, a!, a!, a!]), ContextOverflowError);
  await assert.rejects(model.score([], [a!]), EngineError);
  await write(model, 'abc');
  assert.equal(model.calls.at(-1)?.tokens.length, 2);
});

test('end tokens besides the end of text end its turn too', async () => {
  const model = scriptedModel({ next: byText(() => ({ '<|im_end|>': 1 })), endTexts: ['<|im_end|>'] });
  assert.equal(await write(model, 'a'), '');
  assert.deepEqual(model.info.controlTexts, ['</s>', '<|im_end|>']);
});

test('a closed model refuses work, and a repetition penalty is refused', async () => {
  const model = scriptedModel({ next: weather, tokenizer });
  await assert.rejects(write(model, 'It is', { repetitionPenalty: 1.1 }), CapabilityError);
  await model.close();
  assert.equal(model.closed, true);
  await assert.rejects(write(model, 'It is'), EngineError);
});

test('what comes before each token is awaited', async () => {
  let waited = 0;
  const beforeToken = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    waited++;
  };
  const model = scriptedModel({ next: writes('abc', { marker: ':' }), beforeToken });
  assert.equal(await write(model, ':'), 'abc');
  assert.equal(waited, 4);
});
