import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { RewardModel } from '../../core/reward-model.ts';
import { preferencePair } from '../preference-pair.ts';
import { synthesisePairs, type SynthOptions } from './synthesise-pairs.ts';

suite('pairs are made of recorded responses', () => {
  let folder: string;
  let files = 0;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-synth-'))));
  after(() => rm(folder, { recursive: true }));

  async function fileOf(lines: readonly object[]): Promise<string> {
    const path = join(folder, `${files++}.jsonl`);
    await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  }

  /** Longer responses are better; what it was asked is kept. */
  function rewardByLength(asked: string[] = [], fail?: string): RewardModel {
    return {
      id: 'by length',
      reward(_, response) {
        if (response === fail) return Promise.reject(new Error('This response is refused.'));
        asked.push(response);
        return Promise.resolve(response.length);
      },
      close: () => Promise.resolve(),
    };
  }

  const PROMPTS = [
    { prompt: 'A?' },
    { messages: [{ role: 'user', content: 'B?' }] },
    { prompt: 'C?' },
    { prompt: 'D?' },
  ];
  const FIRST = [
    { line: 2, text: 'bb' },
    { line: 1, text: 'a' },
    { line: 3, text: 'same' },
    { line: 4, text: 'd' },
  ];
  const SECOND = [
    { line: 1, text: 'aaaa' },
    { line: 2, text: ' b ' },
    { line: 3, text: 'same ' },
    { line: 4, error: { code: 'x', message: 'y' } },
  ];
  const THIRD = [{ line: 1, text: 'aa' }];

  async function synthesised(options: Partial<SynthOptions> = {}) {
    const input = await fileOf(PROMPTS);
    const responses = [await fileOf(FIRST), await fileOf(SECOND), await fileOf(THIRD)];
    const output = join(folder, `${files++}-pairs.jsonl`);
    const report = await synthesisePairs({
      ...{ input, responses, output, dimension: 'harmless', licence: 'MIT', fingerprint: { reward: 'by length' } },
      openReward: () => Promise.resolve(rewardByLength()),
      ...options,
    });
    const lines = (await readFile(report.output.file, 'utf8')).trimEnd().split('\n');
    return {
      report,
      pairs: lines.map((line) => preferencePair.parse(JSON.parse(line))),
      options: { input, responses, output },
    };
  }

  test('the best and the worst of each prompt, with their rewards', async () => {
    const { report, pairs } = await synthesised();
    assert.deepEqual(
      pairs.map((pair) => [
        pair.prompt[0]!.content,
        pair.chosen[0]!.content,
        pair.rejected[0]!.content,
        pair['chosen_reward'],
        pair['rejected_reward'],
      ]),
      [
        ['A?', 'aaaa', 'a', 4, 1],
        ['B?', 'bb', 'b', 2, 1],
      ],
    );
    assert.deepEqual(
      [pairs[0]!.dimension, pairs[0]!.licence, pairs[0]!.source, pairs[1]!.origin.split(':')[1]],
      ['harmless', 'MIT', 'synth', '2'],
    );
    assert.deepEqual(
      report.reasons.map(({ reason, count }) => [reason, count]),
      [['it has fewer than two different responses', 2]],
    );
  });

  test('a margin leaves out what is too close', async () => {
    const { pairs, report } = await synthesised({ margin: 2 });
    assert.equal(pairs.length, 1);
    assert.equal(report.reasons.at(-1)!.reason, 'its best and worst response are not far enough apart');
    await assert.rejects(synthesised({ margin: 9 }), /No prompt gives a pair/);
    await assert.rejects(synthesised({ margin: -1 }), /margin must be a number of at least 0/);
  });

  test('what was rewarded is not rewarded again, and the model is not even opened', async () => {
    const { options, report } = await synthesised();
    const again = { ...options, dimension: 'harmless', licence: 'MIT', fingerprint: { reward: 'by length' } } as const;
    const never = () => Promise.reject(new Error('It was opened.'));
    assert.deepEqual(await synthesisePairs({ ...again, openReward: never }), report);
    await assert.rejects(
      synthesisePairs({ ...again, openReward: never, fingerprint: { reward: 'other' } }),
      /was begun with other settings/,
    );
    const asked: string[] = [];
    const more = [...again.responses, await fileOf([{ line: 2, text: 'bbbbb' }])];
    await synthesisePairs({ ...again, responses: more, openReward: () => Promise.resolve(rewardByLength(asked)) });
    assert.deepEqual(asked, ['bb', 'b', 'bbbbb']);
  });

  test('a response that can not be rewarded harms no other prompt, and is tried again on demand', async () => {
    const failing = await synthesised({ openReward: () => Promise.resolve(rewardByLength([], 'aa')) });
    assert.deepEqual(
      failing.pairs.map(({ prompt }) => prompt[0]!.content),
      ['B?'],
    );
    assert.equal(failing.report.reasons.at(-1)!.reason, 'its responses could not be rewarded');
    const again = {
      ...failing.options,
      dimension: 'harmless',
      licence: 'MIT',
      fingerprint: { reward: 'by length' },
    } as const;
    const openReward = () => Promise.resolve(rewardByLength());
    assert.equal((await synthesisePairs({ ...again, openReward })).pairs, 1);
    assert.equal((await synthesisePairs({ ...again, openReward, retryFailed: true })).pairs, 2);
  });

  test('lines that are none, and responses to other prompts', async () => {
    const responses = [await fileOf([{ line: 9, text: 'x' }])];
    await assert.rejects(synthesised({ responses }), /responses to line 9, which .* does not have/);
    await assert.rejects(synthesised({ responses: [await fileOf([{ text: 'x' }])] }), /line 1: it is no response/);
    await assert.rejects(synthesised({ input: await fileOf([{ question: 'x' }]) }), /line 1: it is no \{"prompt"\}/);
  });
});
