import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { makeFolder, writeInput } from '../../../../test/fixtures/example-batch.ts';
import { parseLine } from '../../../batch/parse-line.ts';
import { scanInput } from '../../../batch/scan-input.ts';
import { CapabilityError, EngineError } from '../../../core/errors.ts';
import type { ChatMessage } from '../../../core/prompt-format.ts';
import type { RewardModel } from '../../../core/reward-model.ts';
import { answerOf, linesUpTo, writeAnswers } from '../../../../test/fixtures/example-answers.ts';
import { rewardAnswers, type RewardOptions } from './reward-answers.ts';
import { openRewards, rewardLine, type RewardLine } from './rewards.ts';

const PROMPTS = ['{"prompt": "one"}', '', '{"context": [{"role": "user", "content": "three"}]}', '{"prompt": "four"}'];
const JUDGE = { name: 'judge', key: 'key' };

type Reward = (messages: readonly ChatMessage[], response: string) => number;

function judgeBy(reward: Reward): RewardModel & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    id: 'judge',
    asked,
    reward: async (messages, response) => {
      asked.push(response);
      return await Promise.resolve(reward(messages, response));
    },
    close: () => Promise.resolve(),
  };
}

/** A place for the rewards of answers to lines 1, 3 and 4. */
async function place(context: TestContext, answers: readonly object[] = [1, 3, 4].map((line) => answerOf(line))) {
  const input = await writeInput(context, PROMPTS);
  const { index, lines } = await scanInput(input, { indexed: true });
  const path = await writeAnswers(context, answers);
  const rewardsPath = join(await makeFolder(context), 'rewards.jsonl');
  const run = async (judge: RewardModel, options: Partial<RewardOptions> = {}, who = JUDGE) => {
    const words = { writer: 'evaluate', elsewhere: 'name another folder' };
    await using rewards = await openRewards(rewardsPath, who, lines, words);
    const error: unknown = await rewardAnswers({
      ...{ input, index: index!, path, asked: linesUpTo(lines), rewards, model: judge, parse: parseLine },
      ...{ system: undefined, withoutFailures: false, concurrency: 2, signal: new AbortController().signal },
      ...options,
    }).catch((reason: unknown) => reason);
    return { error, rewards };
  };
  const written = async (): Promise<RewardLine[]> => {
    const text = await readFile(rewardsPath, 'utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => rewardLine.parse(JSON.parse(line)));
  };
  return { run, written, rewardsPath, path };
}

suite('judging', () => {
  test('gives each response the reward for its own conversation, the system message in front', async (context) => {
    const { run, written } = await place(context);
    const seen = new Map<string, readonly ChatMessage[]>();
    const judge = judgeBy((messages, response) => {
      seen.set(response, messages);
      return response.length;
    });
    const { error, rewards } = await run(judge, { system: 'be kind' });
    assert.equal(error, undefined);
    assert.deepEqual(seen.get('text 3'), [
      { role: 'system', content: 'be kind' },
      { role: 'user', content: 'three' },
    ]);
    assert.deepEqual((await written()).map(({ line }) => line).sort(), [1, 3, 4]);
    assert.equal(rewards.of(4, 'text 4'), 6);
    assert.equal(rewards.of(4, 'another'), undefined);
  });

  test('asks nothing twice, also after an interruption within a line', async (context) => {
    const { run, written, rewardsPath } = await place(context);
    await run(judgeBy(() => 1));
    const text = await readFile(rewardsPath, 'utf8');
    await writeFile(rewardsPath, text.slice(0, -9));
    const judge = judgeBy(() => 1);
    await run(judge);
    assert.equal(judge.asked.length, 1);
    assert.equal(await readFile(rewardsPath, 'utf8'), text);
    await run(judge);
    assert.equal(judge.asked.length, 1);
    assert.equal((await written()).length, 3);
  });

  test('a response that was made anew is judged anew, and its last reward counts', async (context) => {
    const { run, path, written } = await place(context);
    await run(judgeBy(() => 1));
    await writeFile(path, `${JSON.stringify(answerOf(3, { text: 'other' }))}\n`);
    const { rewards } = await run(judgeBy(() => 2));
    assert.deepEqual([rewards.of(3, 'other'), rewards.of(3, 'text 3')], [2, undefined]);
    assert.equal((await written()).length, 4);
  });

  test('judges by another model or other files do not mix', async (context) => {
    const { run } = await place(context);
    await run(judgeBy(() => 1));
    const second = { name: 'second', key: 'key' };
    assert.equal(
      (
        await run(
          judgeBy(() => 2),
          {},
          second,
        )
      ).rewards.of(1, 'text 1'),
      2,
    );
    const trained = { name: 'judge', key: 'trained longer' };
    const judge = judgeBy(() => 3);
    assert.equal((await run(judge, {}, trained)).rewards.of(1, 'text 1'), 3);
    assert.equal(judge.asked.length, 3);
    const back = judgeBy(() => 4);
    assert.equal((await run(back, {}, second)).rewards.of(1, 'text 1'), 2);
    assert.equal(back.asked.length, 0);
  });

  test('the same response has the reward that it has from another strategy', async (context) => {
    const { run } = await place(context, [answerOf(1), answerOf(3, { text: 'same' })]);
    const words = { writer: 'evaluate', elsewhere: 'name another folder' };
    await using known = await openRewards(join(await makeFolder(context), 'known.jsonl'), JUDGE, PROMPTS.length, words);
    await known.append(3, 'same', 7);
    await known.append(1, 'another', 8);
    const judge = judgeBy(() => 1);
    const { rewards } = await run(judge, { known });
    assert.deepEqual(judge.asked, ['text 1']);
    assert.deepEqual([rewards.of(1, 'text 1'), rewards.of(3, 'same')], [1, 7]);
  });

  test('what a judge fails on is kept, and tried again when asked', async (context) => {
    const { run, written } = await place(context);
    const failing = judgeBy((_, response) => {
      if (response === 'text 3') throw new EngineError('judge', 'no-score', 'It said "maybe".');
      return response === 'text 4' ? Number.NaN : 1;
    });
    const { error, rewards } = await run(failing);
    assert.equal(error, undefined);
    assert.ok(Number.isNaN(rewards.of(3, 'text 3')) && Number.isNaN(rewards.of(4, 'text 4')));
    assert.equal((await written()).filter((line) => 'error' in line).length, 2);
    await run(failing);
    assert.equal(failing.asked.length, 3);
    const { rewards: mended } = await run(
      judgeBy(() => 5),
      { withoutFailures: true },
    );
    assert.deepEqual(
      [1, 3, 4].map((line) => mended.of(line, `text ${line}`)),
      [1, 5, 5],
    );
  });

  test('a response that is beyond the judge is a failure of its own', async (context) => {
    const { run, written } = await place(context);
    const unfit = judgeBy((_, response) => {
      if (response === 'text 3') throw new CapabilityError('no-template', 'It takes no such conversation.');
      return 1;
    });
    assert.equal((await run(unfit)).error, undefined);
    const failed = (await written()).filter((line) => 'error' in line).map(({ line }) => line);
    assert.deepEqual([failed, unfit.asked.length], [[3], 3]);
  });

  test('an interruption ends it', async (context) => {
    const { run } = await place(context);
    const { error } = await run(
      judgeBy(() => 1),
      { signal: AbortSignal.abort() },
    );
    assert.equal((error as Error).name, 'AbortError');
  });

  test('a file with other content is refused, not overwritten', async (context) => {
    const { run, rewardsPath } = await place(context);
    await writeFile(rewardsPath, 'my notes\n');
    await appendFile(rewardsPath, 'on this\n');
    await assert.rejects(run(judgeBy(() => 1)), { name: 'ConfigError', code: 'bad-output', message: /Line 1 of/ });
    assert.equal(await readFile(rewardsPath, 'utf8'), 'my notes\non this\n');
  });
});
