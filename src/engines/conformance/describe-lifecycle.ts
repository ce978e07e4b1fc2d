import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCloseScores, assertSameGreedy } from './assert-close.ts';
import type { ConformanceFixtures, OpenModel } from './conformance-fixtures.ts';
import { readGenerated } from './read-generated.ts';
import { type Opened, withModel } from './with-model.ts';

const ABORTED = { name: 'AbortError' };

/** What a model must still do after something went wrong. */
async function assertUsable(opened: Opened, expected: Awaited<ReturnType<typeof readGenerated>>): Promise<void> {
  await assertSameGreedy(opened, await readGenerated(opened.model, opened.prefix), expected);
}

export function describeLifecycle(open: OpenModel, fixtures: ConformanceFixtures): void {
  describeAborts((body) => withModel(open, fixtures, body));

  void test(
    'calls at the same time give what they give one after another',
    withModel(open, fixtures, async (opened) => {
      const { model, prefix, continuation, toleranceNats } = opened;
      const other = [...prefix, ...continuation];
      const scores = await model.score(prefix, continuation);
      const texts = [await readGenerated(model, prefix), await readGenerated(model, other)] as const;
      const together = await Promise.all([
        model.score(prefix, continuation),
        readGenerated(model, prefix),
        model.score(prefix, continuation),
        readGenerated(model, other),
        readGenerated(model, prefix),
      ]);
      assertCloseScores(together[0], scores, toleranceNats);
      assertCloseScores(together[2], scores, toleranceNats);
      await assertSameGreedy(opened, together[1], texts[0]);
      await assertSameGreedy({ ...opened, prefix: other }, together[3], texts[1]);
      await assertSameGreedy(opened, together[4], texts[0]);
    }),
  );

  void test(
    'a reader that leaves frees the model',
    withModel(open, fixtures, async (opened) => {
      const expected = await readGenerated(opened.model, opened.prefix);
      for (let i = 0; i < 10; i++) {
        for await (const token of opened.model.generate(opened.prefix, { temperature: 0, maxTokens: 50 })) {
          assert.equal(typeof token.token, 'number');
          break;
        }
      }
      await assertUsable(opened, expected);
    }),
  );

  void test(
    'closing twice is closing once',
    withModel(open, fixtures, async ({ model }) => {
      await Promise.all([model.close(), model.close()]);
      await model.close();
    }),
  );
}

function describeAborts(aborting: (body: (opened: Opened) => Promise<void>) => () => Promise<void>): void {
  void test(
    'a signal that is aborted already rejects',
    aborting(async (opened) => {
      const { model, prefix, continuation } = opened;
      const expected = await readGenerated(model, prefix);
      const signal = AbortSignal.abort();
      await assert.rejects(model.score(prefix, continuation, { signal }), ABORTED);
      await assert.rejects(readGenerated(model, prefix, { signal }), ABORTED);
      await assertUsable(opened, expected);
    }),
  );

  void test(
    'an abort between two tokens rejects the next one',
    aborting(async (opened) => {
      const { model, prefix } = opened;
      const expected = await readGenerated(model, prefix);
      const controller = new AbortController();
      const generation = model.generate(prefix, { temperature: 0, maxTokens: 8, signal: controller.signal });
      await generation.next();
      controller.abort();
      await assert.rejects(generation.next(), ABORTED);
      assert.equal((await generation.next()).done, true);
      await assertUsable(opened, expected);
    }),
  );

  void test(
    'an abort in the middle of the work rejects, and the model can be used again',
    aborting(async (opened) => {
      const { model, prefix, continuation, toleranceNats } = opened;
      const expected = await readGenerated(model, prefix);
      const scores = await model.score(prefix, continuation);
      const controller = new AbortController();
      const long = Array.from({ length: 20 }, () => continuation).flat();
      const work = [
        model.score(prefix, long.slice(0, model.info.contextLength - prefix.length), { signal: controller.signal }),
        readGenerated(model, prefix, { signal: controller.signal, maxTokens: 8 }),
      ];
      controller.abort();
      for (const result of await Promise.allSettled(work)) {
        assert.ok(result.status === 'rejected' && (result.reason as Error).name === 'AbortError');
      }
      assertCloseScores(await model.score(prefix, continuation), scores, toleranceNats);
      await assertUsable(opened, expected);
    }),
  );
}
