import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContextOverflowError } from '../core/errors.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { writes } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { baseOnly } from './base-only.ts';

const PROMPT = '\n\n[User]\nHi\n\n[Assistant]\n';
const messages = [{ role: 'user', content: 'Hi' }] as const;

function baseThatWrites(answer: string, contextLength = 100) {
  const base = scriptedModel({ id: 'base', next: writes(answer), contextLength });
  return { base, strategy: baseOnly({ base, baseFormat: plainForm({}) }) };
}

test('the base alone answers in the plain form', async () => {
  const { events, trace } = await collectEvents(baseThatWrites('Hey 🎉').strategy.decode({ messages }));
  assert.equal(trace.text, 'Hey 🎉');
  assert.deepEqual(events[0], { type: 'decode-start', strategy: 'base', models: { base: 'base' } });
  assert.equal(trace.switch, undefined);
  assert.deepEqual(trace.usage, {
    ...{ promptTokens: PROMPT.length, draftTokens: 0, keptDraftTokens: 0, baseTokens: 8 },
    totalTokens: PROMPT.length + 8,
  });
  assert.equal(trace.finishReason, 'stop');
});

test('a turn that the base makes up for the user ends the response', async () => {
  const { base, strategy } = baseThatWrites('Hey\n\n[User]\nAnd you?');
  const { trace } = await collectEvents(strategy.decode({ messages }));
  assert.deepEqual([trace.text, trace.finishReason], ['Hey', 'stop']);
  assert.deepEqual(
    base.calls.map(({ tokens, ended }) => [tokens.length, ended]),
    [['Hey\n\n[User]'.length, true]],
  );
});

test('ends at the limit, or where the context does', async () => {
  const limited = await collectEvents(baseThatWrites('Hello').strategy.decode({ messages, maxTokens: 2 }));
  assert.deepEqual([limited.trace.text, limited.trace.finishReason], ['He', 'length']);
  const full = await collectEvents(baseThatWrites('Hello', PROMPT.length + 3).strategy.decode({ messages }));
  assert.deepEqual([full.trace.text, full.trace.finishReason], ['Hel', 'length']);
});

test('a limit that can not fit is refused', async () => {
  const { base, strategy } = baseThatWrites('Hello', PROMPT.length + 3);
  await assert.rejects(collectEvents(strategy.decode({ messages, maxTokens: 4 })), ContextOverflowError);
  assert.deepEqual(base.calls, []);
});
