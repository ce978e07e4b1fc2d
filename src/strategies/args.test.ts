import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../core/errors.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedReward } from '../engines/scripted/scripted-reward.ts';
import { args } from './args.ts';
import { END, knownBase, MESSAGES } from '../../test/fixtures/known-base.ts';

const LETTERS = ['a', 'b', 'c', 'd'] as const;

/** Some function from texts to [0, 1), the same every time. */
function hash(text: string, seed: number): number {
  let state = seed;
  for (const letter of text) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193);
  return (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32;
}

function probabilities(response: string, seed: number): Record<string, number> {
  const weights = [...LETTERS, END].map((token) => 0.05 + hash(response + token, seed));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries([...LETTERS, END].map((token, i) => [token, weights[i]! / total]));
}

/** What the formula says, worked out by itself. */
function expected(seed: number, k: number, weight: number, length: number): string {
  const reward = (text: string) => 4 * hash(text, seed + 1);
  let response = '';
  while (response.length < length) {
    const likely = Object.entries(probabilities(response, seed))
      .sort((x, y) => y[1] - x[1])
      .slice(0, k);
    const scored = likely.map(([token, p]) => {
      return [token, Math.log(p) + weight * reward(token === END ? response : response + token)] as const;
    });
    const [best] = scored.reduce((most, one) => (one[1] > most[1] ? one : most));
    if (best === END) break;
    response += best;
  }
  return response;
}

test('each token has the greatest of ln P + weight × reward among the k most likely', async () => {
  const settings = fc.record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    k: fc.integer({ min: 1, max: 5 }),
    weight: fc.constantFrom(0, 0.5, 1.5, 10),
  });
  await fc.assert(
    fc.asyncProperty(settings, async ({ seed, k, weight }) => {
      const reward = scriptedReward({ of: (text) => 4 * hash(text, seed + 1) });
      const strategy = args({ ...knownBase((text) => probabilities(text, seed)), reward, k, weight });
      const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 8 }));
      assert.equal(trace.text, expected(seed, k, weight, 8));
    }),
    { numRuns: 60 },
  );
});

test('by default ten candidates are weighed, the reward by 1.5', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const reward = scriptedReward({ of: (text) => 4 * hash(text, seed + 1) });
    const strategy = args({ ...knownBase((text) => probabilities(text, seed)), reward });
    const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 8 }));
    assert.equal(trace.text, expected(seed, 10, 1.5, 8));
  }
});

test('the trace names both models, and only kept tokens', async () => {
  const reward = scriptedReward({ id: 'judge', of: (text) => (text.endsWith('b') ? 1 : 0) });
  const strategy = args({ ...knownBase(() => ({ a: 0.6, b: 0.4 })), reward });
  const { trace, events } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 3 }));
  assert.deepEqual(events[0], { type: 'decode-start', strategy: 'args', models: { base: 'base', reward: 'judge' } });
  assert.equal(trace.text, 'bbb');
  assert.deepEqual([trace.usage.baseTokens, trace.finishReason], [3, 'length']);
  assert.deepEqual(reward.rewarded.slice(0, 2).toSorted(), ['a', 'b']);
  assert.equal(reward.rewarded.length, 6);
});

test('a temperature draws in proportion to softmax(score / temperature)', async () => {
  const reward = scriptedReward({ of: (text) => (text === 'b' ? 1 : 0) });
  const strategy = args({ ...knownBase(() => ({ a: 0.5, b: 0.5 })), reward, weight: Math.log(3) });
  // 3 to 1, then 9 to 1 and √3 to 1; four standard deviations.
  for (const [temperature, share, tolerance] of [
    [1, 0.75, 0.09],
    [0.5, 0.9, 0.06],
    [2, Math.sqrt(3) / (1 + Math.sqrt(3)), 0.1],
  ] as const) {
    let drawn = 0;
    for (let seed = 0; seed < 400; seed++) {
      const sampling = { temperature, seed };
      const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 1, sampling }));
      if (trace.text === 'b') drawn++;
    }
    assert.ok(Math.abs(drawn / 400 - share) < tolerance, `${drawn} of 400 at ${temperature}`);
  }
});

test('what it has no use for is refused', async () => {
  const parts = { ...knownBase(() => ({ a: 1 })), reward: scriptedReward({ of: () => 0 }) };
  assert.throws(() => args({ ...parts, k: 0 }), ConfigError);
  assert.throws(() => args({ ...parts, weight: -1 }), {
    message: 'The weight of args must be a number of at least 0, not -1.',
  });
  const response = args(parts).decode({ messages: MESSAGES, sampling: { temperature: 1, topP: 0.9 } });
  await assert.rejects(response.next(), { name: 'ConfigError', message: /has no topP 0.9/ });
});

test('an engine without next tokens is refused at start', () => {
  const { base, baseFormat } = knownBase(() => ({ a: 1 }));
  const other = Object.assign(Object.create(base) as typeof base, {
    capabilities: { statistics: true, prefixReuse: true },
  });
  const create = () => args({ base: other, baseFormat, reward: scriptedReward({ of: () => 0 }) });
  assert.throws(create, { name: 'CapabilityError', code: 'no-next-tokens' });
});

test('an abort while candidates are rewarded ends the response', async () => {
  const controller = new AbortController();
  const reward = scriptedReward({ of: () => 0, beforeReward: () => controller.abort() });
  const strategy = args({ ...knownBase(() => ({ a: 0.6, b: 0.4 })), reward });
  const response = strategy.decode({ messages: MESSAGES, signal: controller.signal });
  await assert.rejects(collectEvents(response), { name: 'AbortError' });
});
