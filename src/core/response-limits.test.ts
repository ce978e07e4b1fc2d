import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CapabilityError } from './errors.ts';
import { decode, SURE_LATER } from '../../test/fixtures/known-pair.ts';

test('a limit of the response counts the kept and the written tokens, and ends either part', async () => {
  const { trace: whole } = await decode(SURE_LATER).collected();
  for (let limit = 1; limit <= whole.tokens.length; limit++) {
    const { trace } = await decode(SURE_LATER, {}, { maxResponseTokens: limit }).collected();
    assert.deepEqual(trace.tokens, whole.tokens.slice(0, limit));
    assert.equal(trace.finishReason, 'length');
    assert.equal(trace.usage.keptDraftTokens + trace.usage.baseTokens, limit);
  }
  const { trace } = await decode(SURE_LATER, {}, { maxResponseTokens: whole.tokens.length + 1 }).collected();
  assert.deepEqual([trace.text, trace.finishReason], [whole.text, 'stop']);
});

test('a stop string that the last allowed token completes is the reason', async () => {
  const request = { maxResponseTokens: 3, stop: ['bc'] };
  const { trace } = await decode(SURE_LATER, {}, request).collected();
  assert.deepEqual([trace.text, trace.finishReason], ['a', 'stop']);
});

test('what a stop string held back is given at the limit', async () => {
  const { trace } = await decode(SURE_LATER, {}, { maxResponseTokens: 3, stop: ['bcX'] }).collected();
  assert.deepEqual([trace.text, trace.finishReason], ['abc', 'length']);
});

test('logprobs of the own tokens of the base come where they are asked for', async () => {
  for (const logprobs of [true, false]) {
    const { trace } = await decode(SURE_LATER, {}, { logprobs }).collected();
    const own = trace.tokens.filter(({ source }) => source === 'base');
    assert.ok(own.length > 0 && own.every(({ logprob }) => (logprob !== undefined) === logprobs));
  }
});

test('a base that gives no logprobs refuses a request for them before any work', async () => {
  const { base, response } = decode(SURE_LATER, {}, { logprobs: true });
  Object.assign(base.capabilities, { generatedLogprobs: false });
  await assert.rejects(response.next(), CapabilityError);
  assert.equal(base.calls.length, 0);
});
