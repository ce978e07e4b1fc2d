import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { URIAL_EXAMPLES } from '../prompts/urial-examples.ts';
import { knownBase, MESSAGES, writing } from '../../test/fixtures/known-base.ts';
import { urial } from './urial.ts';

test('the base answers after the examples, in its plain form', async () => {
  const { base, baseFormat } = knownBase(writing('Hey.'), { contextLength: 10_000 });
  const examples = '[System]\nBe kind.\n\n[User]\nHow are you?\n\n[Assistant]\nFine.\n';
  const { trace } = await collectEvents(urial({ base, baseFormat, examples }).decode({ messages: MESSAGES }));
  assert.deepEqual([trace.strategy, trace.text, trace.models], ['urial', 'Hey.', { base: 'base' }]);
  const before = '\n\n[System]\nBe kind.\n\n[User]\nHow are you?\n\n[Assistant]\nFine.';
  assert.equal(base.vocabulary.textOf(base.calls[0]!.prefix), `${before}\n\n[User]\nHi\n\n[Assistant]\n`);
});

test('the project’s own examples are three exchanges after a system text', async () => {
  const { base, baseFormat } = knownBase(writing('Hey.'), { contextLength: 10_000 });
  await collectEvents(urial({ base, baseFormat }).decode({ messages: MESSAGES }));
  const prompt = base.vocabulary.textOf(base.calls[0]!.prefix);
  assert.deepEqual(prompt.match(/^\[\w+\]$/gmu), [
    '[System]',
    ...Array<string[]>(4).fill(['[User]', '[Assistant]']).flat(),
  ]);
  assert.ok(prompt.startsWith(`\n${URIAL_EXAMPLES.slice(0, 200)}`));
});

test('a base that goes on with another question is stopped', async () => {
  const { base, baseFormat } = knownBase(writing('Hey.\n\n[User]\nAnd'), { contextLength: 10_000 });
  const { trace } = await collectEvents(urial({ base, baseFormat }).decode({ messages: MESSAGES }));
  assert.deepEqual([trace.text, trace.finishReason], ['Hey.', 'stop']);
});
