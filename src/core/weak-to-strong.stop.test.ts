import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContextOverflowError } from './errors.ts';
import { decode, NEVER_SURE, PROMPT, SURE_LATER } from '../../test/fixtures/known-pair.ts';

test('a stop string of the form ends the response within the draft, and is not streamed', async () => {
  const { events, trace } = await decode({
    draft: 'ab\n\n[User]\ncd',
    probabilities: Array<number>(13).fill(0.4),
    then: 'X',
  }).collected();
  assert.equal(trace.text, 'ab');
  assert.equal(trace.switch, undefined);
  assert.equal(trace.finishReason, 'stop');
  assert.ok(events.every(({ type }) => type !== 'model-switch'));
  assert.equal(trace.usage.keptDraftTokens, 2);
});

test('a stop string may begin in the draft and end in the continuation', async () => {
  const pair = { draft: 'ab[', probabilities: [0.1, 0.9, 0.9], then: 'User] more' };
  const { events, trace } = await decode(pair).collected();
  assert.equal(trace.text, 'ab');
  assert.deepEqual(trace.switch, { index: 3, reason: 'confident', draftTokens: 3 });
  assert.equal(trace.finishReason, 'stop');
  assert.deepEqual(
    events.map(({ type }) => type),
    ['decode-start', 'token', 'token', 'model-switch', 'decode-end'],
  );
});

test("the request's own stop strings count too, and end the base's work", async () => {
  const { base, collected } = decode(SURE_LATER, {}, { stop: ['Y'] });
  const { trace } = await collected();
  assert.equal(trace.text, 'abcdX');
  assert.equal(trace.finishReason, 'stop');
  assert.deepEqual(
    base.calls.filter(({ method }) => method === 'generate').map(({ tokens, ended }) => [tokens.length, ended]),
    [[2, true]],
  );
});

test('what was held back for a stop string comes out at the end', async () => {
  const { trace } = await decode({ ...SURE_LATER, then: 'X[Us' }).collected();
  assert.equal(trace.text, 'abcdX[Us');
});

test('the base stops at its limit', async () => {
  const { trace } = await decode(SURE_LATER, {}, { maxTokens: 2 }).collected();
  assert.deepEqual([trace.text, trace.finishReason, trace.usage.baseTokens], ['abcdXY', 'length', 2]);
  const none = await decode(SURE_LATER, {}, { maxTokens: 0 }).collected();
  assert.deepEqual([none.trace.text, none.trace.finishReason], ['abcd', 'length']);
});

test('a draft that fills the context of the base is kept up to there', async () => {
  const contextLength = PROMPT.length + 2;
  const { events, trace } = await decode({ ...NEVER_SURE, model: { contextLength } }).collected();
  assert.deepEqual([trace.text, trace.finishReason], ['ab', 'length']);
  assert.deepEqual([trace.switch?.index, trace.switch?.reason], [2, 'draft-limit']);
  assert.equal(events.filter(({ type }) => type === 'token').length, 2);
});

test('a continuation that fills the context ends there', async () => {
  const { trace } = await decode({ ...SURE_LATER, model: { contextLength: PROMPT.length + 5 } }).collected();
  assert.deepEqual([trace.text, trace.finishReason], ['abcdX', 'length']);
});

test('what was asked for and can not fit is refused before any work', async () => {
  const model = { contextLength: PROMPT.length + 20 };
  const { base, draft, collected } = decode({ ...SURE_LATER, model }, { maxDraftTokens: 10 }, { maxTokens: 11 });
  await assert.rejects(
    collected(),
    (error) => error instanceof ContextOverflowError && error.message.includes('maxDraft 10 and maxTokens 11'),
  );
  assert.deepEqual([...base.calls, ...draft.calls], []);
  await decode({ ...SURE_LATER, model }, { maxDraftTokens: 10 }, { maxTokens: 10 }).collected();
});

test('a draft that was asked for and can not fit its own context is refused before any work', async () => {
  const pair = { ...SURE_LATER, measure: { promptTokens: 12, contextLength: 32 } };
  const { base, draft, collected } = decode(pair, { maxDraftTokens: 32 });
  await assert.rejects(
    collected(),
    (error) => error instanceof ContextOverflowError && error.message.includes('maxDraft 32'),
  );
  assert.deepEqual([...base.calls, ...draft.calls], []);
  for (const options of [{ maxDraftTokens: 31 }, {}]) {
    assert.equal((await decode(pair, options).collected()).trace.text, 'abcdXYZ');
  }
});
