import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { openTinyEngine, someTokens, type TinyEngine, write } from '../../../test/fixtures/tiny-engine.ts';
import type { TokenId } from '../../core/language-model.ts';
import { ngramLookup } from '../../core/speculation/ngram-lookup.ts';
import type { TokenProposer } from '../../core/speculation/token-proposer.ts';

const PREFIX = [5 as TokenId];
const SAMPLED = { temperature: 1.5, seed: 11, repetitionPenalty: 1.1 };

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

/** Knows the text that will come, except for every n-th token. */
function oracle(future: readonly TokenId[], wrongEvery = Infinity): TokenProposer {
  return {
    name: 'oracle',
    propose: (tokens, limit) =>
      future
        .slice(tokens.length - PREFIX.length, tokens.length - PREFIX.length + limit)
        .map((token, i) => ((i + 1) % wrongEvery === 0 ? ((token + 1) as TokenId) : token)),
  };
}

suite('what is generated does not depend on proposals', () => {
  for (const [name, options] of [
    ['greedy', { temperature: 0 }],
    ['sampled', SAMPLED],
  ] as const) {
    test(`${name}: right, half right, wrong and looked-up ones`, async () => {
      const model = await engine.open('byte-bpe');
      const plain = await write(model, PREFIX, { ...options, maxTokens: 40 });
      const wrong: TokenProposer = { name: 'wrong', propose: (_, limit) => someTokens(limit, 3) };
      for (const proposer of [oracle(plain.tokens), oracle(plain.tokens, 3), wrong, ngramLookup()]) {
        assert.deepEqual(await write(model, PREFIX, { ...options, maxTokens: 40, proposer }), plain, proposer.name);
      }
    });
  }

  test('at the limit of tokens and at the end of the context', async () => {
    const model = await engine.open('attention', { contextLength: 64 });
    const plain = await write(model, PREFIX, { temperature: 0, maxTokens: 30 });
    const known = oracle(plain.tokens);
    assert.deepEqual(
      (await write(model, PREFIX, { temperature: 0, maxTokens: 7, proposer: known })).tokens,
      plain.tokens.slice(0, 7),
    );
    const full = await write(model, PREFIX, { temperature: 0, maxTokens: 500, proposer: ngramLookup() });
    assert.equal(full.tokens.length, 63);
    assert.equal(full.finish, 'length');
  });

  test('where the memory can not be cut', async () => {
    const model = await engine.open('mamba');
    const plain = await write(model, PREFIX, { temperature: 0, maxTokens: 20 });
    const proposer = oracle(plain.tokens, 2);
    assert.deepEqual((await write(model, PREFIX, { temperature: 0, maxTokens: 20, proposer })).tokens, plain.tokens);
  });
});

test('right proposals save a forward pass each', async () => {
  const model = await engine.open('byte-bpe');
  const { tokens } = await write(model, PREFIX, { temperature: 0, maxTokens: 40 });
  const known = oracle(tokens);
  let proposed = 0;
  const proposer: TokenProposer = {
    name: 'counting',
    async propose(before, limit) {
      const guesses = await known.propose(before, limit);
      proposed += guesses.length;
      return guesses;
    },
  };
  await write(model, PREFIX, { temperature: 0, maxTokens: 40, proposer });
  assert.ok(proposed > 10, `only ${proposed} of 40 tokens came from proposals`);
});

test('a proposer that fails is left out, and the response goes on', async () => {
  const model = await engine.open('byte-bpe');
  const plain = await write(model, PREFIX, { temperature: 0, maxTokens: 20 });
  let asked = 0;
  const proposer: TokenProposer = {
    name: 'failing',
    propose() {
      asked++;
      throw new Error('no more guesses');
    },
  };
  assert.deepEqual(await write(model, PREFIX, { temperature: 0, maxTokens: 20, proposer }), plain);
  assert.equal(asked, 1);
});

test('an abort between two tokens of one pass is heard', async () => {
  const model = await engine.open('byte-bpe');
  const { tokens } = await write(model, PREFIX, { temperature: 0, maxTokens: 40 });
  const controller = new AbortController();
  const generation = model.generate(PREFIX, {
    temperature: 0,
    maxTokens: 40,
    proposer: oracle(tokens),
    signal: controller.signal,
  });
  for (let i = 0; i < 3; i++) await generation.next();
  controller.abort();
  await assert.rejects(generation.next(), { name: 'AbortError' });
});
