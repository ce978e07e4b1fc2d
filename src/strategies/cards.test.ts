import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedReward } from '../engines/scripted/scripted-reward.ts';
import { cards, type CardsNumbers } from './cards.ts';
import { END, knownBase, MESSAGES } from '../../test/fixtures/known-base.ts';

/** Every fifth character is a coin toss, ln 2 nats, the others are known; 15 characters in all. */
function tosses(response: string): Record<string, number> {
  if (response.length === 15) return { [END]: 1 };
  return response.length % 5 === 0 ? { g: 0.5, b: 0.5 } : { '.': 1 };
}

function decode(of: (text: string) => number, numbers: CardsNumbers, seed = 1) {
  const reward = scriptedReward({ of });
  const { base, baseFormat } = knownBase(tosses);
  const strategy = cards({ base, baseFormat, reward, entropy: 0.5, ...numbers });
  const response = strategy.decode({ messages: MESSAGES, sampling: { temperature: 1, seed } });
  return { reward, base, collected: collectEvents(response) };
}

test('segments end where the next token is uncertain, and each is rewarded with all before it', async () => {
  const { reward, collected } = decode(() => 100, { threshold: 1 });
  const { trace } = await collected;
  assert.deepEqual(
    reward.rewarded.map(({ length }) => length),
    [0, 5, 10, 15],
  );
  assert.ok(reward.rewarded.every((text) => trace.text.startsWith(text)));
  assert.deepEqual([trace.text.length, trace.finishReason, trace.usage.discardedTokens], [15, 'stop', 0]);
});

test('a segment under the threshold is sampled again, until one is accepted', async () => {
  const good = (text: string) => (text.includes('b') ? -100 : 100);
  for (let seed = 0; seed < 20; seed++) {
    const { reward, collected } = decode(good, { threshold: 1, tries: 60 }, seed);
    const { trace } = await collected;
    assert.equal(trace.text, 'g....g....g....');
    const rejected = reward.rewarded.filter((text) => text.includes('b')).length;
    assert.equal(trace.usage.discardedTokens, rejected * 5);
  }
});

test('after so many rejections the best of them is taken', async () => {
  const { reward, collected } = decode((text) => (text.includes('b') ? -1000 : -999), { threshold: 1, tries: 12 });
  const { trace } = await collected;
  assert.equal(trace.text, 'g....g....g....');
  assert.equal(reward.rewarded.length, 1 + 3 * 13);
  assert.equal(trace.usage.discardedTokens, 3 * 12 * 5);
});

test('the threshold rises from r₀ to the asked one along the response', async () => {
  // It starts at 0.75 times the prompt's own reward, 2, and 0.25 times 10, and is 7, 10, 10 after 5, 10 and 15 of 10 tokens.
  const rewards = [2, 7.01, 10.01, 10.01];
  const accept = { threshold: 10, alpha: 0.25, beta: 1e-9, length: 10, tries: 5 };
  const enough = decode((text) => rewards[text.length / 5]!, accept);
  assert.equal((await enough.collected).trace.usage.discardedTokens, 0);
  const tooLittle = decode((text) => (rewards[text.length / 5] ?? 0) - (text.length > 0 ? 0.02 : 0), accept);
  assert.equal((await tooLittle.collected).trace.usage.discardedTokens, 3 * 5 * 5);
});

test('beta forgives: a reward β under the threshold is accepted once in e times', async () => {
  let rejected = 0;
  let segments = 0;
  for (let seed = 0; seed < 100; seed++) {
    const { reward, collected } = decode(
      (text) => (text === '' ? 1 : 0),
      { threshold: 1, alpha: 1, beta: 1, tries: 1000 },
      seed,
    );
    const { trace } = await collected;
    segments += 3;
    rejected += reward.rewarded.length - 4;
    assert.equal(trace.text.length, 15);
  }
  const share = segments / (segments + rejected);
  assert.ok(Math.abs(share - Math.exp(-1)) < 0.06, `accepted ${share}`);
});

test('the first distribution of a segment is asked for once, however often it is sampled', async () => {
  const { base, collected } = decode((text) => (text.includes('b') ? -100 : 100), { threshold: 1, tries: 60 }, 5);
  await collected;
  const starts = base.calls.filter(
    ({ method, prefix }) => method === 'nextTokens' && prefix.length === base.calls[0]!.prefix.length,
  );
  assert.equal(starts.length, 1);
});

test('the limit holds, and a response that ends there says so', async () => {
  const reward = scriptedReward({ of: () => 100 });
  const strategy = cards({ ...knownBase(tosses), reward, threshold: 1 });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 7 }));
  assert.deepEqual([trace.text.length, trace.finishReason], [7, 'length']);
});

test('a token whose entropy is just the bound begins another segment', async () => {
  const { reward, collected } = decode(() => 100, { threshold: 1, entropy: Math.LN2 });
  await collected;
  assert.deepEqual(
    reward.rewarded.map(({ length }) => length),
    [0, 5, 10, 15],
  );
});

test('all tokens can’t be drawn from, and that is said', async () => {
  const { base, baseFormat } = knownBase(tosses);
  const strategy = cards({ base, baseFormat, reward: scriptedReward({ of: () => 0 }) });
  const response = strategy.decode({ messages: MESSAGES, sampling: { temperature: 1, topK: 0 } });
  await assert.rejects(response.next(), { name: 'ConfigError', message: /give topK of at least 1/ });
});

test('once the last try is spent the best is taken, not the last one by chance', async () => {
  const reward = (text: string) => (text.endsWith('b....') ? -1 : -0.5);
  let decided = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { reward: model, collected } = decode(reward, { threshold: 0, alpha: 1, beta: 1, tries: 1 }, seed);
    const { trace } = await collected;
    for (const length of [5, 10, 15]) {
      const tried = model.rewarded.filter((text) => text.length === length).map(reward);
      if (tried.length < 2) continue;
      decided++;
      assert.equal(reward(trace.text.slice(0, length)), Math.max(...tried));
    }
  }
  assert.ok(decided > 20);
});

test("the defaults are the published code's", async () => {
  const noise = (text: string) => Array.from(text).reduce((sum, letter) => sum + (letter === 'b' ? 1.3 : 2.1), 3);
  const published = { threshold: 8.5, alpha: 0.5, beta: 0.7, length: 128, tries: 20 };
  for (let seed = 0; seed < 10; seed++) {
    const [own, given] = [decode(noise, {}, seed), decode(noise, published, seed)];
    await Promise.all([own.collected, given.collected]);
    assert.deepEqual(own.reward.rewarded, given.reward.rewarded);
  }
});
