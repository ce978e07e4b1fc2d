import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { writes } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
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

test('examples with the published headings are written in the published form, fences and all', async () => {
  const examples =
    '# Instruction\n\nAnswers are under "# Answer:".\n\n# Query:\n```\nHow are you?\n```\n\n# Answer:\n```\nFine.\n```\n';
  const answer = 'Run:\n```js\nx()\n```\nDone.\n```\n\n# Query:\n```\nMore';
  const next = writes(answer, { marker: '# Answer:\n```\n' });
  const base = scriptedModel({ id: 'base', next });
  const { baseFormat } = knownBase(writing('unused'));
  const strategy = urial({ base, baseFormat, examples });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES }));
  const prompt = base.vocabulary.textOf(base.calls[0]!.prefix);
  assert.equal(prompt, `${examples}\n# Query:\n\`\`\`\nHi\n\`\`\`\n\n# Answer:\n\`\`\`\n`);
  // Its own block of code is kept, the fence that ends the answer is not.
  assert.deepEqual([trace.text, trace.finishReason], ['Run:\n```js\nx()\n```\nDone.', 'stop']);
  const begun = [...MESSAGES, { role: 'assistant', content: 'Run:' } as const];
  const continued = await collectEvents(strategy.decode({ messages: begun }));
  assert.ok(continued.trace.text.startsWith('\n```js'));
});
