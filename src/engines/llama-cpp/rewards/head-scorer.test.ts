import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { assertClose, countDecoded, ROUNDING, total } from '../../../../test/fixtures/engine-assertions.ts';
import { someTokens } from '../../../../test/fixtures/tiny-engine.ts';
import { attentionModel } from '../../../../test/fixtures/tiny-gguf/attention-model.ts';
import { averageAfter, averagingHead, averagingModel } from '../../../../test/fixtures/tiny-gguf/averaging-model.ts';
import { mambaModel } from '../../../../test/fixtures/tiny-gguf/mamba-model.ts';
import { openTinyScorers, type TinyScorers } from '../../../../test/fixtures/tiny-rewards.ts';
import type { TokenId } from '../../../core/language-model.ts';

/** The cache holds 16-bit floats, and their sum is rounded. */
const TOLERANCE = 0.02;
const HEAD = { weight: averagingHead(2), bias: 0.25 };
const expected = (tokens: readonly number[]): number => 2 * averageAfter(tokens) + 0.25;

let tiny: TinyScorers;
before(async () => void (tiny = await openTinyScorers()));
after(() => tiny.close());

suite('a decoder with a reward head', () => {
  test('scores as its arithmetic says, texts of every length', async () => {
    const scorer = await tiny.head(averagingModel(), HEAD);
    for (const length of [1, 2, 31, 32, 33, 200, 512]) {
      const tokens = someTokens(length, length);
      assertClose(await scorer.scoreSequences([tokens]), [expected(tokens)], TOLERANCE);
    }
  });

  test('tells texts apart that end alike', async () => {
    const scorer = await tiny.head(averagingModel(), HEAD);
    const [good, bad] = [[3, 5, 9] as TokenId[], [4, 5, 9] as TokenId[]];
    const scores = await scorer.scoreSequences([good, bad]);
    assertClose(scores, [expected(good), expected(bad)], TOLERANCE);
    assert.ok(Math.abs(scores[0]! - scores[1]!) > 10 * TOLERANCE);
  });

  test('computes only what is new of a growing text', async () => {
    const scorer = await tiny.head(averagingModel(), HEAD);
    const tokens = someTokens(140);
    await scorer.scoreSequences([tokens.slice(0, 100)]);
    const scores: number[] = [];
    const decoded = await countDecoded(async () => {
      for (let length = 101; length <= 140; length++) {
        scores.push(...(await scorer.scoreSequences([tokens.slice(0, length)])));
      }
    });
    assert.equal(total(decoded), 40);
    assertClose(
      scores,
      scores.map((_, i) => expected(tokens.slice(0, 101 + i))),
      TOLERANCE,
    );
  });

  test('computes what several texts begin with once, also more texts than sequences', async () => {
    const scorer = await tiny.head(averagingModel(), HEAD);
    const beginning = someTokens(150);
    const texts = Array.from({ length: 9 }, (_, i) => [...beginning, ...someTokens(10, i + 2)]);
    const decoded = await countDecoded(async () => {
      assertClose(await scorer.scoreSequences(texts), texts.map(expected), TOLERANCE);
    });
    assert.ok(total(decoded) <= 150 + 9 * 10, `${total(decoded)} tokens`);
  });

  test('gives the same in a batch as alone, where the history matters in full', async () => {
    const weight = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
    const texts = [someTokens(50), [...someTokens(50), ...someTokens(3, 5)], someTokens(90, 3), someTokens(4, 9)];
    const alone: number[] = [];
    for (const text of texts) {
      const scorer = await tiny.head(attentionModel({ architecture: 'llama', seed: 1 }), { weight, bias: 0 });
      alone.push(...(await scorer.scoreSequences([text])));
    }
    const scorer = await tiny.head(attentionModel({ architecture: 'llama', seed: 1 }), { weight, bias: 0 });
    assertClose(await scorer.scoreSequences(texts), alone, 10 * ROUNDING);
    assert.ok(Math.max(...alone) - Math.min(...alone) > 1, alone.join());
  });

  test('works on a recurrent model, which shares nothing', async () => {
    const weight = new Float32Array(64).fill(1);
    const scorer = await tiny.head(mambaModel(3), { weight, bias: 0 });
    const texts = [someTokens(40), [...someTokens(40), ...someTokens(2, 2)]];
    const together = await scorer.scoreSequences(texts);
    for (const [i, text] of texts.entries()) {
      assertClose(
        await (await tiny.head(mambaModel(3), { weight, bias: 0 })).scoreSequences([text]),
        [together[i]!],
        0.05,
      );
    }
  });

  test('refuses a head of another size', async () => {
    await assert.rejects(tiny.head(averagingModel(), { weight: new Float32Array(64), bias: 0 }), {
      name: 'ModelFileError',
      code: 'head-does-not-fit',
      message: /has 64 weights, where the hidden states of tiny have \d+ numbers/,
    });
  });

  test('refuses a text that does not fit, and goes on', async () => {
    const scorer = await tiny.head(averagingModel(), HEAD, { contextLength: 40 });
    await assert.rejects(scorer.scoreSequences([someTokens(41)]), { name: 'ContextOverflowError' });
    assertClose(await scorer.scoreSequences([someTokens(40)]), [expected(someTokens(40))], TOLERANCE);
  });

  test('stops with its signal, and goes on', async () => {
    const scorer = await tiny.head(averagingModel(), HEAD);
    await assert.rejects(scorer.scoreSequences([someTokens(9)], { signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
    const controller = new AbortController();
    const pending = scorer.scoreSequences([someTokens(500), someTokens(500, 2)], { signal: controller.signal });
    setImmediate(() => controller.abort());
    await assert.rejects(pending, { name: 'AbortError' });
    assertClose(await scorer.scoreSequences([someTokens(9)]), [expected(someTokens(9))], TOLERANCE);
  });

  test('refuses everything once it is closed', async () => {
    const scorer = await tiny.head(averagingModel(), HEAD);
    const pending = scorer.scoreSequences([someTokens(100)]);
    await Promise.all([assert.rejects(pending, { code: 'model-closed' }), scorer.close(), scorer.close()]);
    await assert.rejects(scorer.scoreSequences([someTokens(1)]), { code: 'model-closed' });
    await assert.rejects(scorer.encode([{ text: 'a', control: false }]), { code: 'model-closed' });
  });

  test('says so where the model computes no numbers', async () => {
    const scorer = await tiny.head(averagingModel(), { weight: averagingHead(Number.NaN), bias: 0 });
    await assert.rejects(scorer.scoreSequences([someTokens(3)]), { code: 'not-numbers', message: /^The model tiny / });
  });
});
