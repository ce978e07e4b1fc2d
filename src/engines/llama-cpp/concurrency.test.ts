import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  assertClose,
  assertMostlyEqual,
  countDecoded,
  logprobs,
  ROUNDING,
  total,
} from '../../../test/fixtures/engine-assertions.ts';
import { STORY_IDS } from '../../../test/fixtures/tiny-gguf/byte-bpe.ts';
import { STORY } from '../../../test/fixtures/tiny-gguf/story.ts';
import { openTinyEngine, someTokens, type TinyEngine, write } from '../../../test/fixtures/tiny-engine.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { LlamaCppModel } from './llama-cpp-model.ts';

const GREEDY = { temperature: 0 };
const STORY_TOKENS = STORY_IDS as TokenId[];

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

suite('concurrent requests', () => {
  const prompts = Array.from({ length: 20 }, (_, i) => someTokens(5 + i, i + 1));
  const ask = (model: LlamaCppModel, i: number) => write(model, prompts[i]!, { ...GREEDY, maxTokens: 6 + (i % 5) });

  test('write what they write one after another, and compute hardly more', async () => {
    const alone = await engine.open('attention');
    const expected: string[] = [];
    const actual: string[] = [];
    const apart = await countDecoded(async () => {
      for (const i of prompts.keys()) expected.push((await ask(alone, i)).tokens.join());
    });
    const model = await engine.open('attention');
    const together = await countDecoded(async () => {
      const answers = await Promise.all(prompts.map((_, i) => ask(model, i)));
      actual.push(...answers.map(({ tokens }) => tokens.join()));
    });
    assertMostlyEqual(actual, expected);
    assert.ok(together.length < apart.length / 4, `${together.length} passes for ${apart.length}`);
    assert.ok(total(together) <= 1.1 * total(apart), `${total(together)} tokens for ${total(apart)}`);
  });

  test('that do not fit the cache together take turns', async () => {
    const model = await engine.open('attention', { contextLength: 64 });
    const answers = await Promise.all(prompts.map((_, i) => ask(model, i)));
    const alone = await engine.open('attention', { contextLength: 64 });
    const expected: string[] = [];
    for (const i of prompts.keys()) expected.push((await ask(alone, i)).tokens.join());
    assertMostlyEqual(
      answers.map(({ tokens }) => tokens.join()),
      expected,
    );
  });

  test('of two models that share the compute threads do not disturb each other', async () => {
    const models = [await engine.open('byte-bpe'), await engine.open('byte-bpe')];
    const stories = await Promise.all(
      models.map((model) => write(model, STORY_TOKENS.slice(0, 1), { ...GREEDY, maxTokens: 99 })),
    );
    assert.deepEqual(
      stories.map(({ text }) => 'Rain' + text),
      [STORY, STORY],
    );
  });
});

suite('cancellation', () => {
  test('in the middle of a long prompt rejects with the reason and leaves the model working', async () => {
    const model = await engine.open('attention');
    const controller = new AbortController();
    const text = someTokens(500);
    const scoring = model.score(text.slice(0, 1), text.slice(1), { signal: controller.signal });
    setTimeout(() => controller.abort(), 3);
    await assert.rejects(scoring, { name: 'AbortError' });
    const fresh = await engine.open('attention');
    const [actual, expected] = await Promise.all(
      [model, fresh].map((it) => it.score(text.slice(0, 90), text.slice(90, 99))),
    );
    assertClose(logprobs(actual!), logprobs(expected!), ROUNDING);
  });

  test('between two tokens ends the generation', async () => {
    const model = await engine.open('byte-bpe');
    const controller = new AbortController();
    const generation = model.generate(STORY_TOKENS.slice(0, 1), { ...GREEDY, maxTokens: 9, signal: controller.signal });
    await generation.next();
    controller.abort(new Error('enough'));
    await assert.rejects(generation.next(), { message: 'enough' });
    assert.deepEqual(await generation.next(), { done: true, value: undefined });
  });

  test('an early return frees the sequence', async () => {
    const model = await engine.open('byte-bpe');
    for (let i = 0; i < 20; i++) {
      for await (const { token } of model.generate(STORY_TOKENS.slice(0, 1), { ...GREEDY, maxTokens: 9 })) {
        assert.equal(token, STORY_TOKENS[1]);
        break;
      }
    }
  });
});

test('the event loop turns while the model computes', async () => {
  const model = await engine.open('attention');
  let turns = 0;
  let running = true;
  const turn = (): void => {
    turns++;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  const text = someTokens(500);
  const counts = await countDecoded(() => model.score(text.slice(0, 499), text.slice(499)));
  running = false;
  // One turn is the scheduler's own before each pass; a pass that blocked would allow no other.
  assert.ok(turns > 3 * counts.length, `${turns} turns in ${counts.length} passes`);
});
