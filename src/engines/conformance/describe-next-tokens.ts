import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listStatistics } from '../../core/statistics.ts';
import { logprobOf } from './assert-close.ts';
import type { ConformanceFixtures, OpenModel } from './conformance-fixtures.ts';
import { readGenerated } from './read-generated.ts';
import { withModel } from './with-model.ts';

/** `nextTokens`, of engines that have it. */
export function describeNextTokens(open: OpenModel, fixtures: ConformanceFixtures): void {
  void test(
    'an engine has nextTokens where it says so',
    withModel(open, fixtures, ({ model }) => {
      assert.equal(model.nextTokens !== undefined, model.capabilities.nextTokens ?? false);
      return Promise.resolve();
    }),
  );

  void test(
    'the next tokens are the most likely ones, in order, with the logprobs that score gives',
    withModel(open, fixtures, async ({ model, prefix, toleranceNats }) => {
      if (!model.nextTokens) return;
      const { candidates, entropy } = await model.nextTokens(prefix, 5);
      assert.ok(candidates.length >= 1 && candidates.length <= 5);
      for (const [i, { token, logprob, bytes, ends }] of candidates.entries()) {
        assert.ok(logprob <= 0 && logprob <= (candidates[i - 1]?.logprob ?? 0));
        assert.ok(Math.abs(logprob - (await logprobOf(model, prefix, token))) <= toleranceNats);
        if (!ends) assert.deepEqual([...bytes], [...(await model.decode([token]))[0]!]);
      }
      const given = listStatistics(model.capabilities.statistics);
      const [score] = await model.score(prefix, [candidates[0]!.token], { statistics: true });
      if (given.includes('rank')) assert.equal(score!.rank, 1);
      if (!given.includes('entropy')) assert.equal(entropy, undefined);
      else assert.ok(Math.abs(entropy! - score!.entropy!) <= Math.max(toleranceNats, 1e-4));
    }),
  );

  void test(
    'one next token is what greedy decoding writes, also after a longer prefix',
    withModel(open, fixtures, async ({ model, prefix, continuation, toleranceNats }) => {
      if (!model.nextTokens) return;
      await model.nextTokens([...prefix, ...continuation], 1);
      const [best] = (await model.nextTokens(prefix, 1)).candidates;
      const [greedy] = (await readGenerated(model, prefix, { maxTokens: 1 })).tokens;
      if (best!.ends) assert.equal(greedy, undefined);
      else assert.ok(Math.abs((await logprobOf(model, prefix, greedy!.token)) - best!.logprob) <= toleranceNats);
    }),
  );

  void test(
    'nextTokens stops for a signal',
    withModel(open, fixtures, async ({ model, prefix }) => {
      if (!model.nextTokens) return;
      await assert.rejects(model.nextTokens(prefix, 1, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    }),
  );
}
