import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PassTimes } from './pass-times.ts';
import { ProposalLength } from './proposal-length.ts';

/** Pass times as measured: so many milliseconds for the first token and for each further one. */
function passTimes(firstMs: number, furtherMs: number): PassTimes {
  const times = new PassTimes();
  for (const tokens of [1, 2, 5, 9])
    for (let i = 0; i < 4; i++) times.record(tokens, firstMs + furtherMs * (tokens - 1));
  return times;
}

function after(length: ProposalLength, rounds: number, held: (proposed: number) => number): ProposalLength {
  for (let i = 0; i < rounds; i++) {
    const { length: proposed } = length.next();
    if (proposed > 0) length.record(proposed, held(proposed));
  }
  return length;
}

test('proposals that hold grow longer', () => {
  const length = after(new ProposalLength(passTimes(12, 4)), 40, (proposed) => proposed);
  assert.ok(length.acceptance > 0.9);
  assert.ok(length.next().length >= 8);
});

test('proposals that never hold stop, but for a token now and then', () => {
  const length = after(new ProposalLength(passTimes(12, 4)), 40, () => 0);
  const next = Array.from({ length: 200 }, () => length.next().length);
  assert.ok(next.every((proposed) => proposed <= 1));
  assert.ok(next.filter((proposed) => proposed === 1).length <= 6);
});

test('where a further token costs as much as a first one, nothing is proposed however much holds', () => {
  assert.equal(after(new ProposalLength(passTimes(10, 10)), 40, (proposed) => proposed).next().length, 0);
});

test('speculation comes back when the text begins to repeat', () => {
  const length = after(new ProposalLength(passTimes(12, 4)), 60, () => 0);
  after(length, 1500, (proposed) => proposed);
  assert.ok(length.next().length > 1);
});

test('times of sizes that were not seen lie on a line', () => {
  const times = passTimes(12, 4);
  assert.ok(Math.abs(times.estimateMs(4) - 24) < 1);
  assert.equal(new PassTimes().estimateMs(2) / new PassTimes().estimateMs(1), 1.35);
});

test('one pause of the machine does not count as the cost of a size', () => {
  const times = passTimes(12, 4);
  times.record(1, 5000);
  assert.ok(times.estimateMs(1) < 25);
});
