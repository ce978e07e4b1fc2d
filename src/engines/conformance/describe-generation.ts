import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCloseScores, assertSameGreedy } from './assert-close.ts';
import type { ConformanceFixtures, OpenModel } from './conformance-fixtures.ts';
import { readGenerated } from './read-generated.ts';
import { withModel } from './with-model.ts';

export function describeGeneration(open: OpenModel, fixtures: ConformanceFixtures): void {
  void test(
    'writes as many tokens as asked for, no more',
    withModel(open, fixtures, async ({ model, prefix }) => {
      for (const maxTokens of [0, 1, 8]) {
        const { tokens, end } = await readGenerated(model, prefix, { maxTokens });
        assert.deepEqual([tokens.length, end], [maxTokens, 'length']);
      }
    }),
  );

  void test(
    'each token comes with its bytes',
    withModel(open, fixtures, async ({ model, prefix }) => {
      const { tokens } = await readGenerated(model, prefix);
      const bytes = await model.decode(tokens.map(({ token }) => token));
      assert.deepEqual(
        tokens.map((token) => [...token.bytes]),
        bytes.map((piece) => [...piece]),
      );
    }),
  );

  void test(
    'greedy decoding writes the same every time, and from each place on the way',
    withModel(open, fixtures, async (opened) => {
      const { model, prefix } = opened;
      const whole = await readGenerated(model, prefix);
      await assertSameGreedy(opened, await readGenerated(model, prefix), whole);
      const first = whole.tokens.slice(0, 3);
      const rest = await readGenerated(model, [...prefix, ...first.map(({ token }) => token)], { maxTokens: 5 });
      await assertSameGreedy(opened, { tokens: [...first, ...rest.tokens], end: rest.end }, whole);
    }),
  );

  void test(
    'greedy decoding writes the same after scoring a draft that is not kept',
    withModel(open, fixtures, async (opened) => {
      const { model, prefix, continuation } = opened;
      const alone = await readGenerated(model, prefix);
      await model.score(prefix, continuation);
      await assertSameGreedy(opened, await readGenerated(model, prefix), alone);
    }),
  );

  void test(
    'what is written has the logprobs that score gives, at any temperature',
    withModel(open, fixtures, async ({ model, prefix, toleranceNats }) => {
      if (!model.capabilities.generatedLogprobs) return;
      for (const temperature of [0, 1, 2]) {
        const { tokens } = await readGenerated(model, prefix, { temperature, maxTokens: 4, logprobs: true });
        const ids = tokens.map(({ token }) => token);
        const told = tokens.map(({ token, logprob = Number.NaN }) => ({ token, logprob }));
        assertCloseScores(told, await model.score(prefix, ids), toleranceNats);
      }
    }),
  );

  describeSampling(open, fixtures);
}

function describeSampling(open: OpenModel, fixtures: ConformanceFixtures): void {
  void test(
    'the most likely token alone is greedy decoding, at any temperature',
    { skip: fixtures.lacks?.topK ?? false },
    withModel(open, fixtures, async (opened) => {
      const { model, prefix } = opened;
      const seeded = fixtures.lacks?.seed === undefined ? { seed: 1 } : {};
      const sampled = await readGenerated(model, prefix, { temperature: 1.5, topK: 1, ...seeded });
      await assertSameGreedy(opened, sampled, await readGenerated(model, prefix));
    }),
  );

  void test(
    'a seed says what is sampled',
    { skip: fixtures.lacks?.seed ?? false },
    withModel(open, fixtures, async ({ model, prefix }) => {
      const sample = async (seed: number) => {
        const { tokens } = await readGenerated(model, prefix, { temperature: 2, seed });
        return tokens.map(({ token }) => token).join(' ');
      };
      assert.equal(await sample(7), await sample(7));
      const samples = new Set(await Promise.all([1, 2, 3, 4, 5, 6].map(sample)));
      assert.ok(samples.size > 1, 'six seeds sample the same');
    }),
  );
}
