import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { bigramModel } from '../../../../test/fixtures/tiny-gguf/bigram-model.ts';
import { BYTE_BPE_TOKENIZER, BYTE_BPE_TOKENS } from '../../../../test/fixtures/tiny-gguf/byte-bpe.ts';
import { openTinyEngine, someTokens, type TinyEngine, write } from '../../../../test/fixtures/tiny-engine.ts';
import type { SamplingParams, TokenId } from '../../../core/language-model.ts';
import type { LlamaCppModel } from '../llama-cpp-model.ts';

const FIRST = 10;
/** Of the tokens from FIRST on, after any token but TIE. */
const DISTRIBUTION = [0.5, 0.25, 0.15, 0.07, 0.03];
const IMPOSSIBLE = -60;
const TIE = 20;
const EQUAL = [33, 31, 32];

let engine: TinyEngine;
let model: LlamaCppModel;
before(async () => {
  engine = await openTinyEngine();
  const logits = (current: number, next: number): number =>
    current === TIE ? (EQUAL.includes(next) ? 1 : 0) : Math.log(DISTRIBUTION[next - FIRST] ?? Math.exp(IMPOSSIBLE));
  const vocabularySize = BYTE_BPE_TOKENS.length;
  model = await engine.openContent(
    bigramModel({ name: 'dice', vocabularySize, logits, tokenizer: BYTE_BPE_TOKENIZER }),
  );
});
after(() => engine.close());

const PREFIX = someTokens(1);
const roll = async (params: SamplingParams, maxTokens: number, prefix: readonly TokenId[] = PREFIX) =>
  (await write(model, prefix, { ...params, maxTokens })).tokens;

const normalised = (weights: readonly number[]): number[] => {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
};
const cooled = (temperature: number): number[] => normalised(DISTRIBUTION.map((p) => p ** (1 / temperature)));

/** What the settings make of the distribution. */
const EXPECTED: Record<string, readonly [SamplingParams, readonly number[]]> = {
  'temperature 1': [{ temperature: 1 }, DISTRIBUTION],
  'temperature 0.5': [{ temperature: 0.5 }, cooled(0.5)],
  'temperature 2': [{ temperature: 2 }, cooled(2)],
  'top-k 2': [{ temperature: 1, topK: 2 }, normalised(DISTRIBUTION.slice(0, 2))],
  'top-p 0.7': [{ temperature: 1, topP: 0.7 }, normalised(DISTRIBUTION.slice(0, 2))],
  'min-p 0.2': [{ temperature: 1, minP: 0.2 }, normalised(DISTRIBUTION.slice(0, 3))],
  'top-p before temperature': [{ temperature: 2, topP: 0.7 }, normalised(cooled(2).slice(0, 2))],
};

/** Upper 0.1 % points of the chi-square distribution, by degrees of freedom. */
const CHI_SQUARE_LIMITS = [0, 10.83, 13.82, 16.27, 18.47];

suite('the sampler chain', () => {
  for (const [name, [params, expected]] of Object.entries(EXPECTED)) {
    test(`draws from the distribution that ${name} leaves`, async () => {
      const drawn = (await Promise.all([1, 2].map((seed) => roll({ ...params, seed }, 500)))).flat();
      assert.equal(drawn.length, 1000);
      const counts = expected.map((_, i) => drawn.filter((token) => token === FIRST + i).length);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        drawn.length,
        'a token that was excluded',
      );
      const chiSquare = expected.reduce((sum, p, i) => sum + (counts[i]! - 1000 * p) ** 2 / (1000 * p), 0);
      assert.ok(chiSquare < CHI_SQUARE_LIMITS[expected.length - 1]!, `${counts.join()}: chi-square ${chiSquare}`);
    });
  }

  test('repeats a seed and nothing else', async () => {
    const seeded = { temperature: 1, seed: 7 };
    const first = await roll(seeded, 40);
    assert.deepEqual(await roll(seeded, 40), first);
    assert.notDeepEqual(await roll({ ...seeded, seed: 8 }, 40), first);
    assert.notDeepEqual(await roll({ temperature: 1 }, 40), await roll({ temperature: 1 }, 40));
    const largest = { temperature: 1, seed: 2 ** 32 - 1 };
    assert.deepEqual(await roll(largest, 40), await roll(largest, 40));
  });

  test('repeats a seed among other requests too', async () => {
    const seeds = [1, 2, 3, 4, 5, 6];
    const together = await Promise.all(seeds.map((seed) => roll({ temperature: 1, seed }, 20)));
    for (const [i, seed] of seeds.entries()) assert.deepEqual(await roll({ temperature: 1, seed }, 20), together[i]);
  });

  test('is greedy with top-k 1', async () => {
    assert.deepEqual(await roll({ temperature: 1, topK: 1 }, 20), await roll({ temperature: 0 }, 20));
  });

  test('penalises what the last 64 tokens hold, the prompt included', async () => {
    for (const repetitionPenalty of [3, 1.5, 0.5]) {
      const prefix = [FIRST, FIRST + 1] as TokenId[];
      const expected = penalised(prefix, repetitionPenalty, 200);
      assert.deepEqual(await roll({ temperature: 0, repetitionPenalty }, 200, prefix), expected);
    }
    const long = [FIRST + 1, ...Array<number>(64).fill(FIRST)] as TokenId[];
    assert.equal((await roll({ temperature: 0, repetitionPenalty: 3 }, 1, long))[0], FIRST + 1);
    assert.equal((await roll({ temperature: 0, repetitionPenalty: 3 }, 1, long.slice(0, 64)))[0], FIRST + 2);
  });
});

test('greedy takes the first of equal logits', async () => {
  assert.deepEqual(await roll({ temperature: 0 }, 1, [TIE as TokenId]), [31]);
  assert.deepEqual(await roll({ temperature: 0, repetitionPenalty: 1.1 }, 1, [TIE as TokenId]), [31]);
});

/** Greedy decoding with a repetition penalty, as llama.cpp documents it: negative logits are multiplied. */
function penalised(prefix: readonly TokenId[], penalty: number, count: number): number[] {
  const tokens: number[] = [...prefix];
  for (let i = 0; i < count; i++) {
    const recent = new Set(tokens.slice(-64));
    const logits = DISTRIBUTION.map((p, token) => Math.log(p) * (recent.has(FIRST + token) ? penalty : 1));
    tokens.push(FIRST + logits.indexOf(Math.max(...logits)));
  }
  return tokens.slice(prefix.length);
}
