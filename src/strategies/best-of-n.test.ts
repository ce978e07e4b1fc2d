import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CapabilityError } from '../core/errors.ts';
import type { SamplingParams } from '../core/language-model.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedReward } from '../engines/scripted/scripted-reward.ts';
import { bestOfN } from './best-of-n.ts';
import { END, knownBase, MESSAGES } from '../../test/fixtures/known-base.ts';

const coin = (response: string): Record<string, number> => (response.length < 6 ? { a: 0.5, b: 0.5 } : { [END]: 1 });
const countOfA = (text: string) => text.split('a').length - 1;

test('the sample with the greatest reward is the response', async () => {
  const reward = scriptedReward({ of: countOfA });
  const strategy = bestOfN({ ...knownBase(coin), reward, n: 5 });
  const sampling = { temperature: 1, seed: 3 };
  const { trace, events } = await collectEvents(strategy.decode({ messages: MESSAGES, sampling }));
  assert.equal(reward.rewarded.length, 5);
  assert.ok(new Set(reward.rewarded).size > 1, 'the samples differ');
  assert.equal(countOfA(trace.text), Math.max(...reward.rewarded.map(countOfA)));
  assert.deepEqual([trace.usage.baseTokens, trace.usage.discardedTokens], [6, 24]);
  assert.deepEqual([trace.finishReason, events[0]?.type], ['stop', 'decode-start']);
  const again = await collectEvents(strategy.decode({ messages: MESSAGES, sampling }));
  assert.equal(again.trace.text, trace.text);
});

test('a greedy request is sampled, for greedy samples are no choice', async () => {
  const reward = scriptedReward({ of: countOfA });
  const { trace } = await collectEvents(bestOfN({ ...knownBase(coin), reward, n: 8 }).decode({ messages: MESSAGES }));
  assert.ok(new Set(reward.rewarded).size > 1);
  assert.equal(trace.text.length, 6);
});

test('what the base can not do is refused before it reads the prompt', async () => {
  const { base, baseFormat } = knownBase(coin);
  const asked: SamplingParams[] = [];
  const picky = Object.assign(base, {
    assertSampling(sampling: SamplingParams) {
      asked.push(sampling);
      throw new CapabilityError('unsupported-setting', 'no seed here');
    },
  });
  const strategy = bestOfN({ base: picky, baseFormat, reward: scriptedReward({ of: () => 0 }) });
  const decoding = collectEvents(strategy.decode({ messages: MESSAGES, sampling: { temperature: 0, seed: 3 } }));
  await assert.rejects(decoding, { code: 'unsupported-setting' });
  assert.deepEqual([asked[0]?.temperature, asked[0]?.seed, base.calls.length], [1, 3, 0]);
});

test('the first of equals wins, also where all rewards are −∞', async () => {
  for (const value of [0, -Infinity]) {
    const reward = scriptedReward({ of: () => value });
    const strategy = bestOfN({ ...knownBase(coin), reward, n: 3 });
    const sampling = { temperature: 1, seed: 9 };
    const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, sampling }));
    const alone = await collectEvents(
      bestOfN({ ...knownBase(coin), reward, n: 1 }).decode({ messages: MESSAGES, sampling }),
    );
    assert.equal(trace.text, alone.trace.text);
  }
});

test('all samples are written at the same time', async () => {
  let waiting = 0;
  let most = 0;
  const model = {
    beforeToken: async () => {
      most = Math.max(most, ++waiting);
      await new Promise((resolve) => setImmediate(resolve));
      waiting--;
    },
  };
  const reward = scriptedReward({ of: () => 0 });
  await collectEvents(bestOfN({ ...knownBase(coin, model), reward, n: 4 }).decode({ messages: MESSAGES }));
  assert.equal(most, 4);
});

test('a stop string ends a sample, and what is rewarded ends before it', async () => {
  const reward = scriptedReward({ of: () => 0 });
  const chain = (response: string): Record<string, number> => ({ ['abcd'[response.length % 4]!]: 1 });
  const { base, baseFormat } = knownBase(chain);
  const strategy = bestOfN({ base, baseFormat, reward, n: 2 });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, stop: ['cd'] }));
  assert.deepEqual([trace.text, trace.finishReason, reward.rewarded], ['ab', 'stop', ['ab', 'ab']]);
  assert.ok(base.calls.every(({ ended }) => ended));
});

test('a reward that fails stops the other samples', async () => {
  const { base, baseFormat } = knownBase((response) =>
    response.startsWith('a') || response.length > 200 ? { [END]: 1 } : { a: 0.3, b: 0.7 },
  );
  const reward = scriptedReward({
    of: () => 0,
    beforeReward: () => {
      throw new Error('out of order');
    },
  });
  const strategy = bestOfN({ base, baseFormat, reward, n: 6 });
  await assert.rejects(collectEvents(strategy.decode({ messages: MESSAGES, sampling: { temperature: 1, seed: 1 } })), {
    message: 'out of order',
  });
  assert.ok(base.calls.every(({ ended }) => ended));
});

test('samples end at the limit of the response, and are rewarded as they end there', async () => {
  const reward = scriptedReward({ of: countOfA });
  const request = { messages: MESSAGES, maxResponseTokens: 3, sampling: { temperature: 1, seed: 3 } };
  const { trace } = await collectEvents(bestOfN({ ...knownBase(coin), reward, n: 4 }).decode(request));
  assert.deepEqual(
    reward.rewarded.map(({ length }) => length),
    [3, 3, 3, 3],
  );
  assert.deepEqual([trace.text.length, trace.finishReason, trace.usage.discardedTokens], [3, 'length', 9]);
});
