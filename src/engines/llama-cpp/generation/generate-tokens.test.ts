import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { openTinyEngine, someTokens, type TinyEngine, write } from '../../../../test/fixtures/tiny-engine.ts';
import type { TokenId } from '../../../core/language-model.ts';
import { LlamaContext } from '../llama-context.ts';
import type { LlamaCppModel } from '../llama-cpp-model.ts';
import { ngramLookup } from '../../../core/speculation/ngram-lookup.ts';
import type { TokenProposer } from '../../../core/speculation/token-proposer.ts';
import { Vocabulary } from '../vocabulary.ts';

const PREFIX = [5 as TokenId];
const SAMPLED = { temperature: 1.5, seed: 11, repetitionPenalty: 1.1 };

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

/** Knows the text that will come, except for every n-th token. */
function oracle(future: readonly TokenId[], wrongEvery = Infinity): TokenProposer {
  return {
    name: 'oracle',
    msPerToken: 0,
    propose: (tokens, limit) =>
      future
        .slice(tokens.length - PREFIX.length, tokens.length - PREFIX.length + limit)
        .map((token, i) => ((i + 1) % wrongEvery === 0 ? ((token + 1) as TokenId) : token)),
  };
}

async function countingPasses<T extends object>(work: () => Promise<T>): Promise<T & { readonly passes: number }> {
  let passes = 0;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own object
  const { decode } = LlamaContext.prototype;
  LlamaContext.prototype.decode = function (this: LlamaContext, entries, output) {
    passes++;
    return decode.call(this, entries, output);
  };
  try {
    const result = await work();
    return { ...result, passes };
  } finally {
    LlamaContext.prototype.decode = decode;
  }
}

suite('what is generated does not depend on proposals', () => {
  for (const [name, options] of [
    ['greedy', { temperature: 0 }],
    ['sampled', SAMPLED],
  ] as const) {
    test(`${name}: right, half right, wrong and looked-up ones`, async () => {
      const model = await engine.open('byte-bpe');
      const plain = await write(model, PREFIX, { ...options, maxTokens: 40 });
      const wrong: TokenProposer = { name: 'wrong', msPerToken: 0, propose: (_, limit) => someTokens(limit, 3) };
      for (const proposer of [oracle(plain.tokens), oracle(plain.tokens, 3), wrong, ngramLookup()]) {
        assert.deepEqual(
          await write(model, PREFIX, { ...options, maxTokens: 40, proposers: [proposer] }),
          plain,
          proposer.name,
        );
      }
    });
  }

  test('at the limit of tokens and at the end of the context', async () => {
    const model = await engine.open('attention', { contextLength: 64 });
    const plain = await write(model, PREFIX, { temperature: 0, maxTokens: 30 });
    const known = oracle(plain.tokens);
    assert.deepEqual(
      (await write(model, PREFIX, { temperature: 0, maxTokens: 7, proposers: [known] })).tokens,
      plain.tokens.slice(0, 7),
    );
    const full = await write(model, PREFIX, { temperature: 0, maxTokens: 500, proposers: [ngramLookup()] });
    assert.equal(full.tokens.length, 63);
    assert.equal(full.finish, 'length');
  });

  test('where the memory can not be cut', async () => {
    const model = await engine.open('mamba');
    const plain = await write(model, PREFIX, { temperature: 0, maxTokens: 20 });
    const proposer = oracle(plain.tokens, 2);
    assert.deepEqual(
      (await write(model, PREFIX, { temperature: 0, maxTokens: 20, proposers: [proposer] })).tokens,
      plain.tokens,
    );
  });
});

test('right proposals save a forward pass each', async () => {
  const model = await engine.open('byte-bpe');
  const plain = await countingPasses(() => write(model, PREFIX, { temperature: 0, maxTokens: 40 }));
  const known = oracle(plain.tokens);
  let proposed = 0;
  const proposer: TokenProposer = {
    name: 'counting',
    msPerToken: 0,
    async propose(before, limit) {
      const guesses = await known.propose(before, limit);
      proposed += guesses.length;
      return guesses;
    },
  };
  const { passes } = await countingPasses(() =>
    write(model, PREFIX, { temperature: 0, maxTokens: 40, proposers: [proposer] }),
  );
  assert.ok(proposed > 0);
  // How many proposals pay depends on the machine.
  assert.equal(passes, plain.passes - proposed);
});

test('a proposer that fails is left out, and the response goes on', async () => {
  const model = await engine.open('byte-bpe');
  const plain = await write(model, PREFIX, { temperature: 0, maxTokens: 20 });
  let asked = 0;
  const proposer: TokenProposer = {
    name: 'failing',
    msPerToken: 0,
    propose() {
      asked++;
      throw new Error('no more guesses');
    },
  };
  assert.deepEqual(await write(model, PREFIX, { temperature: 0, maxTokens: 20, proposers: [proposer] }), plain);
  assert.equal(asked, 1);
});

test('an abort between two tokens of one pass is heard', async () => {
  const model = await engine.open('byte-bpe');
  const { tokens } = await write(model, PREFIX, { temperature: 0, maxTokens: 40 });
  const controller = new AbortController();
  const generation = model.generate(PREFIX, {
    temperature: 0,
    maxTokens: 40,
    proposers: [oracle(tokens)],
    signal: controller.signal,
  });
  for (let i = 0; i < 3; i++) await generation.next();
  controller.abort();
  await assert.rejects(generation.next(), { name: 'AbortError' });
});

test('a reader that comes back after the close of the model touches nothing native', async (context) => {
  const model = await engine.open('byte-bpe');
  const generation = model.generate(PREFIX, { temperature: 0, maxTokens: 40 });
  await generation.next();
  // The pass that runs ahead of the reader is over.
  await model.score(someTokens(3, 5), someTokens(3, 6));
  await model.close();
  const touched = context.mock.method(Vocabulary.prototype, 'endsGeneration');
  await assert.rejects(
    async () => {
      while (!(await generation.next()).done);
    },
    { code: 'model-closed' },
  );
  assert.equal(touched.mock.callCount(), 0);
});

suite('a text that was scored already', () => {
  async function afterScoring(expected: readonly TokenId[], scored: readonly TokenId[], maxTokens: number) {
    const model = await engine.open('byte-bpe');
    await model.score(PREFIX, scored);
    return await countingPasses(() => write(model, PREFIX, { temperature: 0, maxTokens, expected }));
  }

  test('is generated without a forward pass as far as it is right', async () => {
    const plain = await write(await engine.open('byte-bpe'), PREFIX, { temperature: 0, maxTokens: 12 });
    const { tokens } = plain;
    const wrong = tokens.with(5, ((tokens[5]! + 1) % 250) as TokenId);
    const right = await afterScoring(tokens, tokens, 12);
    assert.deepEqual([right.tokens, right.passes], [tokens, 0]);
    const half = await afterScoring(wrong, wrong, 12);
    assert.deepEqual([half.tokens, half.passes], [tokens, 12 - 6]);
  });

  test('that is no more in the cache is not waited for', async () => {
    const plain = await write(await engine.open('byte-bpe'), PREFIX, { temperature: 0, maxTokens: 12 });
    const other = await afterScoring(plain.tokens, someTokens(12, 4), 12);
    assert.deepEqual([other.tokens, other.passes], [plain.tokens, 11]);
  });
});

test('with sampling, proposals leave the distribution as it is', async () => {
  const model = await engine.open('byte-bpe');
  const greedy = await write(model, PREFIX, { temperature: 0, maxTokens: 4 });
  const counts = new Map<TokenId, number>();
  const samples = 3000;
  for (let seed = 0; seed < samples; seed++) {
    // The first token is sampled with its successor already proposed, so the second one is drawn in the same pass.
    const proposers = [oracle(greedy.tokens)];
    const { tokens } = await write(model, PREFIX, { temperature: 1, maxTokens: 2, seed, proposers });
    counts.set(tokens[0]!, (counts.get(tokens[0]!) ?? 0) + 1);
  }
  const [degrees, statistic] = await chiSquare(model, counts, samples);
  // Mean and deviation of the chi-square distribution; five deviations are no chance.
  assert.ok(statistic < degrees + 5 * Math.sqrt(2 * degrees), `chi-square ${statistic} with ${degrees} degrees`);
});

/** Against the model's own probabilities; rare tokens, expected fewer than 5 times, count as one. */
async function chiSquare(model: LlamaCppModel, counts: ReadonlyMap<TokenId, number>, samples: number) {
  const all = Array.from({ length: model.info.vocabularySize! }, (_, token) => token as TokenId);
  const cells: { expected: number; seen: number }[] = [{ expected: 0, seen: 0 }];
  for (const token of all) {
    const [score] = await model.score(PREFIX, [token]);
    const cell = { expected: samples * Math.exp(score!.logprob), seen: counts.get(token) ?? 0 };
    if (cell.expected >= 5) cells.push(cell);
    else {
      cells[0]!.expected += cell.expected;
      cells[0]!.seen += cell.seen;
    }
  }
  const statistic = cells.reduce(
    (sum, { expected, seen }) => sum + (expected > 0 ? (seen - expected) ** 2 / expected : 0),
    0,
  );
  return [cells.length - 1, statistic] as const;
}
