import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, SURE_LATER } from '../../test/fixtures/known-pair.ts';

const PASSAGE = 'efghijklmnop';
const LOOPS = { ...SURE_LATER, then: `X${PASSAGE.repeat(5)}` };

test('a base that repeats itself is stopped with the third time, and what was shown stays', async () => {
  const { base, collected } = decode(LOOPS, {}, { onLoop: 'stop' });
  const { events, trace } = await collected();
  assert.equal(trace.text, `abcdX${PASSAGE.repeat(3)}`);
  assert.equal(trace.finishReason, 'loop');
  assert.equal(events.flatMap((event) => (event.type === 'token' ? [event.text] : [])).join(''), trace.text);
  assert.ok(base.calls.every(({ ended }) => ended));
});

test('without the setting it goes on', async () => {
  const { trace } = await decode(LOOPS).collected();
  assert.equal(trace.text, `abcdX${PASSAGE.repeat(5)}`);
  assert.equal(trace.finishReason, 'stop');
});

test('a draft that repeats itself is stopped, and the base does not take over', async () => {
  const draft = PASSAGE.repeat(5);
  const pair = { draft, probabilities: Array<number>(draft.length).fill(0.1), then: 'X' };
  const { trace } = await decode(pair, {}, { onLoop: 'stop' }).collected();
  assert.equal(trace.text, PASSAGE.repeat(3));
  assert.equal(trace.finishReason, 'loop');
  assert.equal(trace.switch, undefined);
});

test('a stop string within the loop wins', async () => {
  const { trace } = await decode(LOOPS, {}, { onLoop: 'stop', stop: ['klm'] }).collected();
  assert.deepEqual([trace.text, trace.finishReason], ['abcdXefghij', 'stop']);
  const last = await decode(LOOPS, {}, { onLoop: 'stop', stop: [PASSAGE.repeat(3)] }).collected();
  assert.deepEqual([last.trace.text, last.trace.finishReason], ['abcdX', 'stop']);
});
