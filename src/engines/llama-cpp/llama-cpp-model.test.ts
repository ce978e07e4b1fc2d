import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { assertClose, logprobs, ROUNDING } from '../../../test/fixtures/engine-assertions.ts';
import { bigramModel } from '../../../test/fixtures/tiny-gguf/bigram-model.ts';
import { BYTE_BPE_TOKENIZER, BYTE_BPE_TOKENS, IM_END, STORY_IDS } from '../../../test/fixtures/tiny-gguf/byte-bpe.ts';
import { byteBpeProbability } from '../../../test/fixtures/tiny-gguf/byte-bpe-probability.ts';
import { STORY_PIECE_IDS } from '../../../test/fixtures/tiny-gguf/sentencepiece.ts';
import { sentencepieceProbability } from '../../../test/fixtures/tiny-gguf/sentencepiece-probability.ts';
import { STORY } from '../../../test/fixtures/tiny-gguf/story.ts';
import { openTinyEngine, someTokens, type TinyEngine, write } from '../../../test/fixtures/tiny-engine.ts';
import { meanEntropy } from '../../core/criteria/mean-entropy.ts';
import { windowedConfidence } from '../../core/criteria/windowed-confidence.ts';
import type { TokenId, TokenScore } from '../../core/language-model.ts';

const GREEDY = { temperature: 0 };
const STORY_TOKENS = STORY_IDS as TokenId[];
const END = 2 as TokenId;

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

suite('scores', () => {
  const TABLES = [
    ['byte-bpe', STORY_IDS, byteBpeProbability],
    ['sentencepiece', STORY_PIECE_IDS, sentencepieceProbability],
  ] as const;

  for (const [name, story, probability] of TABLES) {
    test(`of ${name} are those of its table`, async () => {
      const model = await engine.open(name);
      const tokens = [5, ...story, 7, 7, 300] as TokenId[];
      const expected = tokens.slice(1).map((next, i) => Math.log(probability(tokens[i]!, next)));
      const scores = await model.score(tokens.slice(0, 1), tokens.slice(1));
      assertClose(logprobs(scores), expected);
      assert.deepEqual(
        scores.map(({ token }) => token),
        tokens.slice(1),
      );
    });
  }

  test('are the same in pieces of every size', async () => {
    const fresh = await engine.open('attention');
    const [prefix, text] = [someTokens(10), someTokens(60, 2)];
    const expected = logprobs(await fresh.score(prefix, text));
    for (const size of [1, 2, 3, 7, 31, 32, 33, 60]) {
      const model = await engine.open('attention');
      const scores: TokenScore[] = [];
      for (let from = 0; from < text.length; from += size) {
        scores.push(...(await model.score([...prefix, ...text.slice(0, from)], text.slice(from, from + size))));
      }
      assertClose(logprobs(scores), expected, ROUNDING);
      await model.close();
    }
  });

  test('of more rows than one pass gives are all there', async () => {
    const model = await engine.open('byte-bpe');
    const text = Array.from({ length: 300 }, (_, i) => STORY_TOKENS[i % STORY_TOKENS.length]!);
    const expected = text.slice(1).map((next, i) => Math.log(byteBpeProbability(text[i]!, next)));
    assertClose(logprobs(await model.score(text.slice(0, 1), text.slice(1))), expected);
  });

  test('carry rank, entropy and first choice of the row', async () => {
    const model = await engine.open('sentencepiece');
    const tokens = [STORY_PIECE_IDS[2]!, STORY_PIECE_IDS[3]!, 9, END] as TokenId[];
    const scores = await model.score(tokens.slice(0, 1), tokens.slice(1), { statistics: true });
    for (const [i, score] of scores.entries()) {
      const row = Array.from({ length: model.info.vocabularySize! }, (_, next) =>
        sentencepieceProbability(tokens[i]!, next),
      );
      const own = row[tokens[i + 1]!]!;
      const entropy = -row.reduce((sum, p) => sum + p * Math.log(p), 0);
      assertClose([score.logprob, score.entropy!], [Math.log(own), entropy]);
      assert.equal(score.firstChoice, row.indexOf(Math.max(...row)));
      // Equal probabilities need not be equal logits bit by bit, so only the likely token's rank is exact.
      if (own === Math.max(...row)) assert.equal(score.rank, 1);
      else assert.ok(score.rank! > 1 && score.rank! <= row.length);
    }
  });

  test('are not all needed to judge by a criterion that grows with them', async () => {
    assert.equal((await engine.open('attention')).judge(windowedConfidence()), undefined, 'its matrix is small');
    const model = await engine.open('byte-bpe');
    assert.ok(model.judge(windowedConfidence()));
    assert.equal(model.judge(meanEntropy()), undefined);
    const judge = model.judge(windowedConfidence())!;
    await model.close();
    const tokens = STORY_TOKENS.map((token) => ({ token, bytes: new Uint8Array() }));
    await assert.rejects(judge.judge(STORY_TOKENS, tokens), { code: 'model-closed' });
  });

  test('of nothing are nothing, and a prefix is needed', async () => {
    const model = await engine.open('byte-bpe');
    assert.deepEqual(await model.score(STORY_TOKENS, []), []);
    await assert.rejects(model.score([], STORY_TOKENS), RangeError);
    await assert.rejects(model.generate([], { ...GREEDY, maxTokens: 1 }).next(), RangeError);
  });
});

suite('greedy generation', () => {
  test('follows the table to the end of turn', async () => {
    const model = await engine.open('byte-bpe');
    const prefix = await model.encode([{ text: 'Rain', control: false }]);
    assert.deepEqual(prefix, STORY_IDS.slice(0, 1));
    const { tokens, text, finish } = await write(model, prefix, { ...GREEDY, maxTokens: 100 });
    assert.deepEqual(tokens, STORY_IDS.slice(1));
    assert.equal('Rain' + text, STORY);
    assert.equal(finish, 'stop');
  });

  test('ends at maxTokens and at the end of the context', async () => {
    const model = await engine.open('byte-bpe', { contextLength: 10 });
    const limited = await write(model, STORY_TOKENS.slice(0, 1), { ...GREEDY, maxTokens: 3 });
    assert.deepEqual([limited.tokens, limited.finish], [STORY_IDS.slice(1, 4), 'length']);
    const full = await write(model, STORY_TOKENS.slice(0, 4), { ...GREEDY, maxTokens: 100 });
    assert.deepEqual([full.tokens, full.finish], [STORY_IDS.slice(4, 10), 'length']);
    const nothing = await write(model, STORY_TOKENS.slice(0, 1), { ...GREEDY, maxTokens: 0 });
    assert.deepEqual([nothing.tokens, nothing.finish], [[], 'length']);
    await assert.rejects(model.score(STORY_TOKENS.slice(0, 1), STORY_TOKENS.slice(1, 12)), { code: 'context-full' });
  });
});

suite('a closed model', () => {
  test('refuses what it is asked', async () => {
    const model = await engine.open('byte-bpe');
    const pending = model.score(STORY_TOKENS.slice(0, 1), STORY_TOKENS.slice(1));
    await Promise.all([assert.rejects(pending, { code: 'model-closed' }), model.close(), model.close()]);
    await assert.rejects(model.score(STORY_TOKENS, STORY_TOKENS), { code: 'model-closed' });
    await assert.rejects(model.generate(STORY_TOKENS, { ...GREEDY, maxTokens: 1 }).next(), { code: 'model-closed' });
    await assert.rejects(model.encode([{ text: 'a', control: false }]), { code: 'model-closed' });
    await assert.rejects(model.decode([IM_END as TokenId]), { code: 'model-closed' });
  });
});

test('a token that the vocabulary has not is refused without harm to others', async () => {
  const model = await engine.open('byte-bpe');
  const wrong = BYTE_BPE_TOKENS.length as TokenId;
  await assert.rejects(model.score(STORY_TOKENS, [wrong]), { name: 'EngineError' });
  const scores = await model.score(STORY_TOKENS.slice(0, 3), STORY_TOKENS.slice(3));
  assertClose(logprobs(scores), Array(STORY_IDS.length - 3).fill(Math.log(0.9)));
});

test('a model that computes no numbers is an error of its file', async () => {
  const tokenizer = BYTE_BPE_TOKENIZER;
  const broken = { name: 'broken', vocabularySize: BYTE_BPE_TOKENS.length, logits: () => NaN, tokenizer };
  const model = await engine.openContent(bigramModel(broken));
  const error = {
    name: 'EngineError',
    code: 'not-numbers',
    message: /^The model \d+\.gguf computes .*its file is damaged/,
  };
  await assert.rejects(model.score(STORY_TOKENS.slice(0, 1), STORY_TOKENS.slice(1)), error);
  await assert.rejects(model.score(STORY_TOKENS.slice(0, 1), STORY_TOKENS.slice(1), { statistics: true }), error);
  for (const sampling of [
    GREEDY,
    { temperature: 0, repetitionPenalty: 1.1 },
    { temperature: 0.8 },
    { temperature: 0.8, topK: 40, topP: 0.9 },
    { temperature: 1, minP: 0.1, logprobs: true },
  ])
    await assert.rejects(write(model, STORY_TOKENS, { ...sampling, maxTokens: 1 }), error);
});
