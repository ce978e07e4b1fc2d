import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { assertClose } from '../../../../test/fixtures/engine-assertions.ts';
import {
  CLS,
  ENCODER_TOKENS,
  encoderModel,
  encoderOutputs,
  SEP,
} from '../../../../test/fixtures/tiny-gguf/encoder-model.ts';
import { i32s } from '../../../../test/fixtures/tiny-gguf/gguf-content.ts';
import { openTinyScorers, type TinyScorers } from '../../../../test/fixtures/tiny-rewards.ts';
import type { TokenId } from '../../../core/language-model.ts';
import { pairForm } from '../../../prompts/pair-form.ts';

const TOLERANCE = 0.002;
const LABELS = ['harmful', 'harmless', 'unsure'];

const id = (token: string): number => ENCODER_TOKENS.indexOf(token);
const words = (count: number): TokenId[] => Array.from({ length: count }, (_, i) => (4 + ((i * 7) % 11)) as TokenId);

let tiny: TinyScorers;
before(async () => void (tiny = await openTinyScorers()));
after(() => tiny.close());

suite('an encoder classifier', () => {
  test('scores as its arithmetic says, texts of every length', async () => {
    const scorer = await tiny.encoder(encoderModel(['reward']));
    const texts = [1, 2, 5, 30, 64].map((count) => words(count));
    const expected = texts.map((tokens) => encoderOutputs(1, tokens)[0]!);
    assertClose(await scorer.scoreSequences(texts), expected, TOLERANCE);
    assert.ok(Math.max(...expected) - Math.min(...expected) > 100 * TOLERANCE);
  });

  test('reads question and answer with its control tokens around them', async () => {
    const scorer = await tiny.encoder(encoderModel(['reward']));
    const format = pairForm(scorer.pairTexts);
    const { text } = format.format([
      { role: 'user', content: 'Be kind to cats[SEP]' },
      { role: 'assistant', content: 'never' },
    ]);
    const tokens = await scorer.encode(text);
    const question = ['▁be', '▁kind', '▁to', '▁cat', 's'].map(id);
    assert.deepEqual([tokens[0], ...tokens.slice(1, 6)], [CLS, ...question]);
    // What a person wrote is no control token.
    assert.deepEqual(tokens.filter((token) => (token as number) === SEP).length, 2);
    assert.deepEqual(tokens.slice(-3), [SEP, id('▁never'), SEP]);
  });

  test('with several classes takes the one that is named', async () => {
    for (const [index, label] of LABELS.entries()) {
      const scorer = await tiny.encoder(encoderModel(LABELS), label);
      assertClose(await scorer.scoreSequences([words(7)]), [encoderOutputs(3, words(7))[index]!], TOLERANCE);
    }
  });

  test('with several classes wants one of them named', async () => {
    await assert.rejects(tiny.encoder(encoderModel(LABELS)), {
      name: 'ConfigError',
      code: 'bad-label',
      message: /3 classes: name the one .+ "harmful", "harmless", "unsure"/,
    });
    await assert.rejects(tiny.encoder(encoderModel(LABELS), 'good'), { code: 'bad-label', message: /no class "good"/ });
    await assert.rejects(tiny.encoder(encoderModel(['reward']), 'good'), { code: 'bad-label' });
  });

  test('whose file does not mark its control tokens is refused', async () => {
    const { metadata, tensors } = encoderModel(['reward']);
    const types = i32s(ENCODER_TOKENS.map(() => 1));
    await assert.rejects(tiny.encoder({ metadata: { ...metadata, 'tokenizer.ggml.token_type': types }, tensors }), {
      name: 'ModelFileError',
      message: /does not mark "\[CLS\]" as a control token/,
    });
  });

  test('refuses a text that is longer than it reads, and goes on', async () => {
    const scorer = await tiny.encoder(encoderModel(['reward']));
    await assert.rejects(scorer.scoreSequences([words(65)]), {
      name: 'ContextOverflowError',
      message: /65 tokens for tiny, which reads at most 64/,
    });
    assertClose(await scorer.scoreSequences([words(3)]), [encoderOutputs(1, words(3))[0]!], TOLERANCE);
  });

  test('answers requests that come at once each with its own', async () => {
    const scorer = await tiny.encoder(encoderModel(['reward']));
    const texts = Array.from({ length: 12 }, (_, i) => words(i + 1));
    const scores = await Promise.all(texts.map((tokens) => scorer.scoreSequences([tokens])));
    assertClose(
      scores.flat(),
      texts.map((tokens) => encoderOutputs(1, tokens)[0]!),
      TOLERANCE,
    );
  });

  test('stops with its signal, and goes on', async () => {
    const scorer = await tiny.encoder(encoderModel(['reward']));
    await assert.rejects(scorer.scoreSequences([words(9)], { signal: AbortSignal.abort() }), { name: 'AbortError' });
    const controller = new AbortController();
    const many = Array.from({ length: 500 }, () => words(64));
    const pending = scorer.scoreSequences(many, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await assert.rejects(pending, { name: 'AbortError' });
    assertClose(await scorer.scoreSequences([words(3)]), [encoderOutputs(1, words(3))[0]!], TOLERANCE);
  });

  test('refuses everything once it is closed', async () => {
    const scorer = await tiny.encoder(encoderModel(['reward']));
    const pending = scorer.scoreSequences(Array.from({ length: 500 }, () => words(64)));
    await Promise.all([assert.rejects(pending, { code: 'model-closed' }), scorer.close(), scorer.close()]);
    await assert.rejects(scorer.scoreSequences([words(1)]), { code: 'model-closed' });
    await assert.rejects(scorer.encode([{ text: 'a', control: false }]), { code: 'model-closed' });
  });
});
