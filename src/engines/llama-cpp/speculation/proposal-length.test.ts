import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PassTimes } from './pass-times.ts';
import { type PassLoad, ProposalLength } from './proposal-length.ts';

/** Pass times as measured: so many milliseconds for the first token and for each further one. */
function passTimes(firstMs: number, furtherMs: number): PassTimes {
  const times = new PassTimes();
  for (const tokens of [1, 2, 5, 9])
    for (let i = 0; i < 4; i++) times.record(tokens, firstMs + furtherMs * (tokens - 1));
  return times;
}

/** Pass times of these sizes, in milliseconds, each measured so often. */
function measured(msBySize: Readonly<Record<number, number>>, often = 1): PassTimes {
  const times = new PassTimes();
  for (const [tokens, ms] of Object.entries(msBySize)) for (let i = 0; i < often; i++) times.record(Number(tokens), ms);
  return times;
}

const lookUp = (times: PassTimes): ProposalLength => new ProposalLength(times, { msPerToken: 0 });

function after(length: ProposalLength, rounds: number, held: (proposed: number) => number): ProposalLength {
  for (let i = 0; i < rounds; i++) {
    const { length: proposed } = length.next();
    if (proposed > 0) length.record(proposed, held(proposed));
  }
  return length;
}

test('proposals that hold grow longer', () => {
  const length = after(lookUp(passTimes(12, 4)), 40, (proposed) => proposed);
  assert.ok(length.acceptance > 0.9);
  assert.ok(length.next().length >= 8);
});

test('proposals that never hold stop, but for a try now and then', () => {
  const length = after(lookUp(passTimes(12, 4)), 40, () => 0);
  const next = Array.from({ length: 200 }, () => length.next().length);
  assert.ok(next.filter((proposed) => proposed > 0).length <= 6);
});

test('sizes that kernels are slow for are left out, and do not spoil the others', () => {
  const times = measured({ 1: 24, 2: 42, 4: 90, 8: 80, 16: 130 });
  const length = after(lookUp(times), 40, (proposed) => proposed);
  assert.ok([7, 15].includes(length.next().length));
});

test('a look-up is expected to hold as much as it says, until that is measured', () => {
  const first = (expectedShare: number) =>
    new ProposalLength(passTimes(12, 4), { msPerToken: 0, expectedShare }).next().length;
  assert.ok(first(0.9) > first(0.4));
});

test('where a further token costs as much as a first one, nothing is proposed however much holds, once that is known', () => {
  const times = passTimes(10, 10);
  const length = lookUp(times);
  const proposed = Array.from({ length: 200 }, () => {
    const { length: tokens } = length.next();
    if (tokens > 0) length.record(tokens, tokens);
    times.record(tokens + 1, 10 * (tokens + 1));
    return tokens;
  });
  assert.ok(proposed.slice(50).every((tokens) => tokens === 0));
});

test('the fuller a pass is without proposals, the fewer are worth it', () => {
  // A Zen 4 with the default base: from 8 tokens on, a further one costs as much as the average.
  const times = measured({ 1: 12.5, 4: 31, 8: 46, 16: 75, 32: 147 }, 4);
  const proposed = (share: number) => (load: PassLoad) =>
    new ProposalLength(times, { msPerToken: 0, expectedShare: share }).next(load).length;
  const writers = [1, 2, 4, 8, 16].map((count) => ({ tokens: count, writers: count }));
  const lengths = writers.map(proposed(0.9));
  assert.ok(lengths[0]! >= 7);
  assert.deepEqual(
    lengths,
    lengths.toSorted((a, b) => b - a),
  );
  assert.equal(lengths.at(-1), 0);
  assert.equal(proposed(0.9)({ tokens: 17, writers: 1 }), 0, 'beside a chunk that is scored');
});

test('a larger size than was seen is hoped to be cheap, and a first measurement does not say otherwise', () => {
  const times = new PassTimes();
  for (let i = 0; i < 20; i++) times.record(1, 12);
  times.record(4, 31);
  const longest = () => after(lookUp(times), 40, (proposed) => proposed).next().length;
  const hoped = longest();
  assert.ok(hoped > 7);
  times.record(hoped + 1, 500);
  assert.equal(longest(), hoped);
  for (let i = 0; i < 4; i++) times.record(hoped + 1, 500);
  assert.notEqual(longest(), hoped);
});

test('speculation comes back when the text begins to repeat', () => {
  const length = after(lookUp(passTimes(12, 4)), 60, () => 0);
  after(length, 1500, (proposed) => proposed);
  assert.ok(length.next().length > 1);
});

test('times of sizes that were not seen lie on a line', () => {
  const times = passTimes(12, 4);
  assert.ok(Math.abs(times.estimateMs(4) - 24) < 1);
  assert.ok(Math.abs(times.estimateMs(20) - 88) < 1);
  assert.equal(new PassTimes().estimateMs(2) / new PassTimes().estimateMs(1), 1.35);
  const one = new PassTimes();
  one.record(5, 24);
  assert.ok(Math.abs(one.estimateMs(1) - 10) < 0.01 && Math.abs(one.estimateMs(9) - 38) < 0.01);
});

test('one pause of the machine does not count as the cost of a size', () => {
  const times = passTimes(12, 4);
  times.record(1, 5000);
  assert.ok(times.estimateMs(1) < 25);
});
