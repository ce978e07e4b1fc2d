import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimumProbability } from '../../core/criteria/minimum-probability.ts';
import type { JudgedToken } from '../../core/draft-judge.ts';
import type { TokenScore } from '../../core/language-model.ts';
import { scoreJudge } from '../../core/score-judge.ts';
import { listStatistics } from '../../core/statistics.ts';
import { assertCloseScores, logprobOf } from './assert-close.ts';
import type { ConformanceFixtures, OpenModel } from './conformance-fixtures.ts';
import { readGenerated } from './read-generated.ts';
import { type Opened, withModel } from './with-model.ts';

export function describeScores(open: OpenModel, fixtures: ConformanceFixtures): void {
  const scoring = (body: (opened: Opened) => Promise<void>) => withModel(open, fixtures, body);

  void test(
    'one score a token, in order, none above 0',
    scoring(async ({ model, prefix, continuation }) => {
      assert.ok(continuation.length >= 6, 'the fixture is too short');
      const scores = await model.score(prefix, continuation);
      assert.deepEqual(
        scores.map(({ token }) => token),
        continuation,
      );
      assert.ok(scores.every(({ logprob }) => logprob <= 0));
    }),
  );

  void test(
    'no tokens have no scores',
    scoring(async ({ model, prefix }) => {
      assert.deepEqual(await model.score(prefix, []), []);
    }),
  );

  void test(
    'in one go and in pieces of any size, the scores are the same',
    scoring(async ({ model, prefix, continuation, toleranceNats }) => {
      const whole = await model.score(prefix, continuation);
      for (const size of [1, 2, 5]) {
        const pieces: TokenScore[] = [];
        for (let start = 0; start < continuation.length; start += size) {
          const before = [...prefix, ...continuation.slice(0, start)];
          pieces.push(...(await model.score(before, continuation.slice(start, start + size))));
        }
        assertCloseScores(pieces, whole, toleranceNats);
      }
    }),
  );

  void test(
    'after a longer prefix, a shorter one gives what it gave before',
    scoring(async ({ model, prefix, continuation, toleranceNats }) => {
      const first = await model.score(prefix, continuation.slice(0, 2));
      const written = await readGenerated(model, [...prefix, ...continuation]);
      await model.score([...prefix, ...continuation, ...written.tokens.map(({ token }) => token)], continuation);
      assertCloseScores(await model.score(prefix, continuation.slice(0, 2)), first, toleranceNats);
      const other = continuation.toReversed();
      await model.score(prefix, other);
      assertCloseScores(await model.score(prefix, continuation.slice(0, 2)), first, toleranceNats);
    }),
  );

  void test(
    'the greedy token is the most likely',
    scoring(async ({ model, prefix, continuation, toleranceNats }) => {
      const [greedy] = (await readGenerated(model, prefix, { maxTokens: 1 })).tokens;
      const best = await logprobOf(model, prefix, greedy!.token);
      for (const token of continuation) assert.ok((await logprobOf(model, prefix, token)) <= best + toleranceNats);
    }),
  );

  describeStatistics(scoring);
  describeJudging(scoring);
}

function describeJudging(scoring: (body: (opened: Opened) => Promise<void>) => () => Promise<void>): void {
  void test(
    'judging, where it is offered, accepts where the scores do, in chunks of any size',
    scoring(async ({ model, prefix, continuation, toleranceNats }) => {
      const scores = await model.score(prefix, continuation);
      const tokens = continuation.map((token) => ({ token, bytes: new Uint8Array() }));
      // Between two of the probabilities, so that rounding decides nothing.
      const sorted = scores.map(({ logprob }) => Math.exp(logprob)).toSorted((a, b) => a - b);
      for (const place of [1, continuation.length - 1]) {
        const criterion = minimumProbability({ window: 1, threshold: (sorted[place - 1]! + sorted[place]!) / 2 });
        const expected = await scoreJudge(model, criterion).judge(prefix, tokens);
        for (const size of [continuation.length, 2]) {
          const judge = model.judge?.(criterion);
          if (!judge) return;
          const judged: JudgedToken[] = [];
          for (let at = 0; at < tokens.length && !judged.at(-1)?.verdict.accept; at += size) {
            const before = [...prefix, ...continuation.slice(0, at)];
            judged.push(...(await judge.judge(before, tokens.slice(at, at + size))));
          }
          assert.deepEqual(judged.map(accepts), expected.map(accepts));
          for (const [i, { logprob }] of judged.entries()) {
            if (logprob !== undefined) assert.ok(Math.abs(logprob - scores[i]!.logprob) <= toleranceNats);
          }
        }
      }
      const written = await readGenerated(model, [...prefix, ...continuation], { maxTokens: 2 });
      await model.judge?.(minimumProbability())?.judge(prefix, tokens);
      assert.deepEqual(await readGenerated(model, [...prefix, ...continuation], { maxTokens: 2 }), written);
    }),
  );
}

function accepts({ verdict }: JudgedToken): boolean {
  return verdict.accept;
}

function describeStatistics(scoring: (body: (opened: Opened) => Promise<void>) => () => Promise<void>): void {
  void test(
    'statistics, where they are offered, fit the scores and the greedy token',
    scoring(async ({ model, prefix, continuation, toleranceNats }) => {
      const given = listStatistics(model.capabilities.statistics);
      if (given.length === 0) return;
      const { vocabularySize = Infinity } = model.info;
      const plain = await model.score(prefix, continuation);
      const scores = await model.score(prefix, continuation, { statistics: true });
      assertCloseScores(scores, plain, toleranceNats);
      for (const { token, logprob, rank, entropy, firstChoice, firstChoiceLogprob } of scores) {
        if (given.includes('rank')) assert.ok(Number.isInteger(rank) && rank! >= 1 && rank! <= vocabularySize);
        if (given.includes('entropy')) assert.ok(entropy! >= 0 && entropy! <= Math.log(vocabularySize) + toleranceNats);
        if (firstChoice === token && rank !== undefined) assert.equal(rank, 1);
        if (firstChoiceLogprob !== undefined) assert.ok(firstChoiceLogprob >= logprob - toleranceNats);
      }
      if (!given.includes('firstChoice')) return;
      const [greedy] = (await readGenerated(model, prefix, { maxTokens: 1 })).tokens;
      const best = await logprobOf(model, prefix, greedy!.token);
      assert.ok(best >= (await logprobOf(model, prefix, scores[0]!.firstChoice!)) - toleranceNats);
    }),
  );

  void test(
    'no statistics where they were not asked for',
    scoring(async ({ model, prefix, continuation }) => {
      const [score] = await model.score(prefix, continuation.slice(0, 1));
      assert.deepEqual([score?.rank, score?.entropy, score?.firstChoice], [undefined, undefined, undefined]);
    }),
  );
}
