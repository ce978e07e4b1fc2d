import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { chunkSize } from './chunk-size.ts';
import { ChunkTimes } from './chunk-times.ts';

/** Measured: the default pair on two cores; 3B before 69B on an H100, where 16 tokens cost what 32 do. */
const CPU = { draftMsPerToken: 7.1, scoreMs: (tokens: number) => 16 + 3.6 * tokens };
const GPU = { draftMsPerToken: 2.7, scoreMs: (tokens: number) => 147 * Math.ceil(tokens / 32) };

suite('the size of a chunk', () => {
  test('is 16 where each token has its price', () => {
    assert.equal(chunkSize(CPU), 16);
  });

  test('is larger where a pass has one', () => {
    assert.equal(chunkSize(GPU), 32);
    assert.equal(chunkSize({ draftMsPerToken: 1, scoreMs: () => 100 }), 64);
  });

  test('stays 16 where a pass is cheap beside the draft', () => {
    assert.equal(chunkSize({ draftMsPerToken: 3, scoreMs: () => 20 }), 16);
  });
});

/** Responses of 200 drafted tokens each, without a switch: the size of each chunk after the first. */
function work(times: ChunkTimes, { draftMsPerToken, scoreMs }: typeof CPU, responses: number): number[] {
  const sizes: number[] = [];
  for (let response = 0; response < responses; response++) {
    for (let drafted = 12; drafted < 200;) {
      const size = times.size;
      times.record(size, size * draftMsPerToken, scoreMs(size));
      sizes.push(size);
      drafted += size;
    }
  }
  return sizes;
}

suite('the times of chunks', () => {
  test('lead to the best size after a try', () => {
    assert.deepEqual(work(new ChunkTimes(), GPU, 1).slice(0, 4), [16, 16, 32, 32]);
    assert.deepEqual(new Set(work(new ChunkTimes(), CPU, 3)), new Set([16]));
  });

  test('of short chunks change nothing, not even with a pause in the first', () => {
    const quick = { draftMsPerToken: 0.1, scoreMs: () => 10 };
    assert.deepEqual(new Set(work(new ChunkTimes(), quick, 2)), new Set([16]));
    const times = new ChunkTimes();
    times.record(16, 1, 60);
    assert.deepEqual(new Set(work(times, quick, 2)), new Set([16]));
  });

  test('give a size up that was tried and is no better', () => {
    const slow = { draftMsPerToken: 7, scoreMs: (tokens: number) => 40 * tokens };
    const sizes = work(new ChunkTimes(), slow, 10);
    assert.ok(sizes.filter((size) => size !== 16).length <= 2, sizes.join());
    assert.equal(sizes.at(-1), 16);
  });

  test('are forgotten when they no longer hold', () => {
    const times = new ChunkTimes();
    work(times, GPU, 2);
    assert.equal(times.size, 32);
    work(times, { ...CPU, scoreMs: (tokens) => 40 * tokens }, 3);
    assert.equal(times.size, 16);
  });

  test('outlive a pause of the machine', () => {
    const times = new ChunkTimes();
    work(times, CPU, 2);
    times.record(16, 16 * 7.1, 5000);
    const after = work(times, CPU, 3);
    assert.ok(after.filter((size) => size !== 16).length <= 2, after.join());
    assert.equal(after.at(-1), 16);
  });
});
