import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { readColumns } from './answer-columns.ts';
import { strategyReport } from './evaluation-report.ts';
import { answerOf, linesUpTo, writeAnswers } from '../../../test/fixtures/example-answers.ts';
import type { Rewards } from './grades/rewards.ts';
import { summariseAnswers } from './summarise-answers.ts';

const LINES = 6;

interface Summed {
  readonly hasSwitch?: boolean;
  readonly rewards?: readonly number[];
  readonly asked?: number;
}

/** Rewards are those of lines 1, 2 …, whose text is `text 1` and so on. */
function rewardsOf(numbers: readonly number[]): Pick<Rewards, 'of'> {
  return { of: (line, text) => (text === `text ${line}` ? numbers[line - 1] : undefined) };
}

async function columnsOf(context: TestContext, lines: readonly object[], { rewards, asked = LINES }: Summed = {}) {
  const path = await writeAnswers(context, lines);
  return await readColumns({ path, lines: LINES, asked: linesUpTo(asked), rewards: rewards && rewardsOf(rewards) });
}

async function summarise(
  context: TestContext,
  first: readonly object[],
  second: readonly object[],
  options: Summed & { readonly secondRewards?: readonly number[] } = {},
) {
  const { columns: reference } = await columnsOf(context, first, options);
  const { secondRewards, hasSwitch = false, ...rest } = options;
  const answers = await columnsOf(context, second, { ...rest, ...(secondRewards && { rewards: secondRewards }) });
  const figures = summariseAnswers(answers, { hasSwitch, reference });
  const unmeasured = { measures: [], diversity: null, judging: null, choseByReward: false };
  strategyReport.parse({ strategy: 's', answers: 's.jsonl', ...unmeasured, ...figures });
  return figures;
}

const failure = (line: number) => ({ line, error: { code: 'bad-json', message: 'no' } });
const timed = (line: number, totalMs: number) => answerOf(line, { timings: { firstTokenMs: 20, totalMs } });

suite('the figures of a strategy', () => {
  test('count what was answered, what failed and what was cut', async (context) => {
    const lines = [answerOf(2, { finishReason: 'length' }), failure(1), answerOf(3), answerOf(4)];
    const { answered, failed, cutShare, draftedShare, responseTokens } = await summarise(context, lines, lines);
    assert.deepEqual(
      { answered, failed, cutShare, draftedShare },
      { answered: 3, failed: 1, cutShare: 1 / 3, draftedShare: 0.4 },
    );
    assert.deepEqual(responseTokens, { lowerQuartile: 10, median: 10, upperQuartile: 10 });
  });

  test('say why the base took over, and where', async (context) => {
    const lines = [
      answerOf(1, { switch: { index: 4, reason: 'confident' } }),
      answerOf(2, { switch: { index: 8, reason: 'confident' } }),
      answerOf(3, { switch: { index: 9, reason: 'draft-ended' } }),
      answerOf(4),
    ];
    assert.deepEqual((await summarise(context, lines, lines, { hasSwitch: true })).switch, {
      confident: 2,
      'draft-ended': 1,
      'draft-limit': 0,
      'draft-filtered': 0,
      'draft-empty': 0,
      none: 1,
      medianIndex: 8,
    });
    assert.equal((await summarise(context, lines, lines)).switch, null);
  });

  test('compare times line by line, in whatever order lines lie', async (context) => {
    const first = [timed(1, 100), timed(2, 1000), timed(3, 10), failure(4)];
    const second = [timed(3, 30), timed(1, 100), timed(4, 7), timed(2, 2000)];
    const { timeRatio, msPerToken } = await summarise(context, first, second);
    assert.deepEqual(timeRatio, { lowerQuartile: 1.5, median: 2, upperQuartile: 2.5, pairs: 3 });
    assert.equal(msPerToken!.median, (3 + 10) / 2);
  });

  test('leave empty responses out of times for a token', async (context) => {
    const empty = answerOf(1, {
      text: '',
      usage: { keptDraftTokens: 0, baseTokens: 0 },
      timings: { firstTokenMs: null, totalMs: 5 },
    });
    const first = [timed(1, 100), timed(2, 100)];
    const { timeRatio, msPerToken, firstTokenMs, responseMs } = await summarise(context, first, [empty, timed(2, 300)]);
    assert.deepEqual([timeRatio!.pairs, timeRatio!.median, msPerToken!.median], [1, 3, 30]);
    assert.deepEqual([firstTokenMs!.median, responseMs!.median], [20, 152.5]);
    const nothing = await summarise(context, first, [empty]);
    assert.deepEqual([nothing.msPerToken, nothing.timeRatio, nothing.draftedShare], [null, null, null]);
  });

  test('compare rewards line by line, ties as half', async (context) => {
    const lines = [1, 2, 3, 4].map((line) => answerOf(line));
    const { reward, betterThanFirst } = await summarise(context, lines, lines, {
      rewards: [0, 0, 0, 0],
      secondRewards: [1, 2, 0, -1],
    });
    assert.deepEqual([reward!.mean, reward!.rewarded], [0.5, 4]);
    const [from, to] = reward!.interval!;
    assert.ok(from < 0.5 && 0.5 < to);
    assert.deepEqual([betterThanFirst!.share, betterThanFirst!.pairs], [2.5 / 4, 4]);
    assert.ok(betterThanFirst!.interval[0] < 0.625 && betterThanFirst!.interval[1] > 0.625);
  });

  test('a reward of another text is none, nor is one that the judge failed to give', async (context) => {
    const lines = [answerOf(1), answerOf(2, { text: 'another' }), answerOf(3)];
    const { reward } = await summarise(context, lines, lines, { rewards: [1, 2, Number.NaN] });
    assert.deepEqual(reward, { mean: 1, interval: null, rewarded: 1 });
    assert.equal((await summarise(context, lines, lines)).reward, null);
  });

  test('are of the lines that were asked', async (context) => {
    const lines = [1, 2, 3].map((line) => timed(line, 100 * line));
    const { answered, responseMs } = await summarise(context, lines, lines, { asked: 2 });
    assert.deepEqual([answered, responseMs!.median], [2, 150]);
  });

  test('of nothing are nothing', async (context) => {
    const figures = await summarise(context, [], [failure(1)]);
    assert.deepEqual([figures.answered, figures.failed], [0, 1]);
    for (const value of [figures.cutShare, figures.repeatedShare, figures.responseMs, figures.reward]) {
      assert.equal(value, null);
    }
  });
});
