import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedWriter } from '../engines/scripted/scripted-writer.ts';
import { draftOnly } from './draft-only.ts';

const messages = [{ role: 'user', content: 'Hi' }] as const;

test('the draft alone answers', async () => {
  const draft = scriptedWriter({ id: 'draft', pieces: ['He', 'y', ' 🎉'] });
  const { events, trace } = await collectEvents(draftOnly({ draft }).decode({ messages }));
  assert.equal(trace.text, 'Hey 🎉');
  assert.deepEqual(events[0], { type: 'decode-start', strategy: 'draft', models: { draft: 'draft' } });
  assert.deepEqual(trace.usage, { promptTokens: 0, draftTokens: 3, keptDraftTokens: 3, baseTokens: 0, totalTokens: 3 });
  assert.ok(trace.tokens.every(({ source, logprob }) => source === 'draft' && logprob === undefined));
  assert.equal(trace.finishReason, 'stop');
});

test('ends at the limit', async () => {
  const draft = scriptedWriter({ pieces: ['a', 'b', 'c'] });
  const { trace } = await collectEvents(draftOnly({ draft }).decode({ messages, maxTokens: 2 }));
  assert.deepEqual([trace.text, trace.finishReason], ['ab', 'length']);
});

test('a stop string ends the response, and the draft', async () => {
  const draft = scriptedWriter({ pieces: ['a', 'b S', 'TOP', 'c', 'd'] });
  const { trace } = await collectEvents(draftOnly({ draft }).decode({ messages, stop: ['STOP'] }));
  assert.deepEqual([trace.text, trace.finishReason], ['ab ', 'stop']);
  assert.deepEqual(
    draft.calls.map(({ written, ended }) => [written, ended]),
    [[3, true]],
  );
});

test('an abort, or a reader that leaves, ends the draft', async () => {
  const controller = new AbortController();
  const pieces = ['a', 'b', 'c', 'd'];
  const aborted = scriptedWriter({
    pieces,
    beforePiece: () => {
      if (aborted.calls[0]!.written === 2) controller.abort();
    },
  });
  const decoding = collectEvents(draftOnly({ draft: aborted }).decode({ messages, signal: controller.signal }));
  await assert.rejects(decoding, { name: 'AbortError' });
  const left = scriptedWriter({ pieces });
  for await (const event of draftOnly({ draft: left }).decode({ messages })) if (event.type === 'token') break;
  assert.deepEqual(
    [aborted, left].map(({ calls }) => [calls[0]!.written, calls[0]!.ended]),
    [
      [2, true],
      [1, true],
    ],
  );
});
