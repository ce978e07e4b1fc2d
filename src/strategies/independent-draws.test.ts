import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chiSquare } from '../../test/fixtures/chi-square.ts';
import { END, knownBase, MESSAGES } from '../../test/fixtures/known-base.ts';
import { knownDraft } from '../../test/fixtures/known-draft.ts';
import { fixedLength } from '../core/criteria/fixed-length.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { deriveSeed } from '../core/derive-seed.ts';
import { weakToStrong } from '../core/weak-to-strong.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedReward } from '../engines/scripted/scripted-reward.ts';
import { bestOfN } from './best-of-n.ts';
import { handback } from './handback.ts';
import { nudging } from './nudging.ts';
import { recheck } from './recheck.ts';

const SEEDS = 1200;
/** Of nine degrees of freedom (four letters by four) it is exceeded once in 10,000 times. */
const BOUND = 33.7;

const anyLetter = () => ({ a: 0.25, b: 0.25, c: 0.25, d: 0.25 });
/** Four letters and a full stop, again and again. */
const sentences = (response: string): Record<string, number> => (response.length % 5 === 4 ? { '.': 1 } : anyLetter());

async function sampled(strategy: DecodingStrategy, seed: number, maxTokens: number): Promise<string> {
  const request = { messages: MESSAGES, maxTokens, sampling: { temperature: 1, seed } };
  return (await collectEvents(strategy.decode(request))).trace.text;
}

async function assertIndependent(pairOf: (seed: number) => Promise<readonly [string, string]>): Promise<void> {
  const pairs = [];
  for (let seed = 0; seed < SEEDS; seed++) pairs.push(await pairOf(seed));
  const statistic = chiSquare(pairs);
  assert.ok(statistic < BOUND, `chi-square ${statistic}`);
}

test('the test itself finds what begins alike', () => {
  const same = Array.from({ length: SEEDS }, (_, i): [string, string] => ['abcd'[i % 4]!, 'abcd'[i % 4]!]);
  assert.ok(chiSquare(same) > 1000);
});

test('draft and base of wsd draw apart', async () => {
  const strategy = weakToStrong({
    ...knownBase(anyLetter),
    draft: knownDraft(anyLetter).draft,
    criterion: fixedLength(1),
    maxDraftTokens: 1,
  });
  await assertIndependent(async (seed) => {
    const text = await sampled(strategy, seed, 1);
    return [text[0]!, text[1]!];
  });
});

test('each turn of handback and recheck draws apart from the one before', async () => {
  const parts = {
    ...knownBase(sentences),
    draft: knownDraft(anyLetter).draft,
    criterion: fixedLength(1),
    maxDraftTokens: 1,
  };
  const back = handback({ ...parts, window: 1, threshold: 1, exchanges: 1 });
  await assertIndependent(async (seed) => {
    const text = await sampled(back, seed, 5);
    // The draft's first letter, the base's three and a full stop, the draft's next letter.
    return [text[0]!, text[5]!];
  });
  const judge = scriptedReward({ of: (text) => (text.length === 5 ? -1 : 1) });
  const checked = recheck({ ...parts, judge, numbers: { exchanges: 3 } });
  await assertIndependent(async (seed) => {
    const text = await sampled(checked, seed, 3);
    // The base's sentence was taken back: the draft writes two letters in two turns.
    return [text[0]!, text[1]!];
  });
});

test('every nudge draws apart from the one before', async () => {
  const { base, baseFormat } = knownBase(() => ({ x: 0.2, y: 0.2, z: 0.2, v: 0.2, w: 0.2 }));
  const draft = knownDraft((response) => (response.length % 2 === 0 ? { ' ': 1 } : anyLetter())).draft;
  const oneWord = {
    ...draft,
    write: (messages: Parameters<typeof draft.write>[0], options: Parameters<typeof draft.write>[1]) =>
      draft.write(messages, { ...options, maxTokens: 2 }),
  };
  const strategy = nudging({ base, baseFormat, draft: oneWord, rounds: 2 });
  await assertIndependent(async (seed) => {
    const text = await sampled(strategy, seed, 20);
    return [text[1]!, text[3]!];
  });
});

test('samples of one choice draw apart from one another, and from those of other choices', async () => {
  const { base, baseFormat } = knownBase((response) => (response === '' ? anyLetter() : { [END]: 1 }));
  const reward = scriptedReward({ of: () => 0 });
  const strategy = bestOfN({ base, baseFormat, reward, n: 2 });
  /** The letters of both samples, in the order of their rewards. */
  const samples = async (seed: number) => {
    const before = reward.rewarded.length;
    await sampled(strategy, seed, 5);
    return reward.rewarded.slice(before);
  };
  await assertIndependent(async (seed) => {
    const [first, second] = await samples(seed);
    return [first!, second!];
  });
  await assertIndependent(async (seed) => {
    const [, second] = await samples(seed);
    const [first] = await samples(deriveSeed(seed, 1, 'choice'));
    return [second!, first!];
  });
});

test('many choices of many samples have as many streams', () => {
  const streams = new Set<number>();
  for (let choice = 0; choice < 100; choice++) {
    for (let writer = 0; writer < 100; writer++)
      streams.add(deriveSeed(deriveSeed(7, choice, 'choice'), writer, 'writer'));
  }
  // Of 10,000 numbers of 32 bits about one pair in a hundred runs is the same.
  assert.ok(streams.size >= 9_999, `${streams.size}`);
});
