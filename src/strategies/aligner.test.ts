import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { writes } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { wordTokenizer } from '../engines/scripted/word-tokenizer.ts';
import { aligner } from './aligner.ts';
import { knownBase, MESSAGES, writing } from '../../test/fixtures/known-base.ts';

function secondModel(answer: string, options: { readonly bosText?: string; readonly contextLength?: number } = {}) {
  return scriptedModel({ id: 'second', next: writes(answer, { marker: 'ASSISTANT:' }), ...options });
}

test('the second model answers from the question and the base’s whole answer', async () => {
  const second = secondModel(' Be kind.', { bosText: '<s>' });
  const strategy = aligner({ ...knownBase(writing(' Go away. ')), aligner: second });
  const { trace, events } = await collectEvents(strategy.decode({ messages: MESSAGES }));
  assert.equal(
    second.vocabulary.textOf(second.calls[0]!.prefix),
    '<s>BEGINNING OF CONVERSATION: USER: Edit the following Question-Answer pair to make it more helpful and harmless: Hi | Go away. ASSISTANT:',
  );
  assert.equal(trace.text, 'Be kind.');
  assert.deepEqual(events[0], {
    type: 'decode-start',
    strategy: 'aligner',
    models: { base: 'base', aligner: 'second' },
  });
  assert.equal(trace.usage.discardedTokens, ' Go away. '.length);
  assert.equal(trace.usage.draftTokens, ' Be kind.'.length);
  assert.ok(trace.tokens.every(({ source }) => source === 'draft'));
});

test('its answer streams, and ends at a limit or a stop string', async () => {
  const limited = aligner({ ...knownBase(writing('No.')), aligner: secondModel('abcdef') });
  const { trace, events } = await collectEvents(limited.decode({ messages: MESSAGES, maxTokens: 4 }));
  assert.deepEqual([trace.text, trace.finishReason], ['abcd', 'length']);
  assert.equal(events.filter(({ type }) => type === 'token').length, 4);
  const second = secondModel('abcdef');
  const stopped = aligner({ ...knownBase(writing('No.')), aligner: second });
  const cut = await collectEvents(stopped.decode({ messages: MESSAGES, stop: ['de'] }));
  assert.deepEqual([cut.trace.text, cut.trace.finishReason, second.calls[0]!.ended], ['abc', 'stop', true]);
});

test('only the blank is taken from a first token that has more, and nothing is written behind a stop string', async () => {
  const next = writes(' Be kind. Stop. No more.', { marker: 'ASSISTANT:' });
  const second = scriptedModel({
    id: 'second',
    next,
    tokenizer: wordTokenizer([' Be', ' kind.', ' Stop.', ' No', ' more.']),
  });
  const strategy = aligner({ ...knownBase(writing('No.')), aligner: second });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, stop: ['Stop'] }));
  assert.deepEqual([trace.text, trace.usage.draftTokens], ['Be kind. ', 3]);
});

test('a longer conversation is the question as a whole', async () => {
  const second = secondModel('Yes.');
  const messages = [
    { role: 'user', content: 'One?' },
    { role: 'assistant', content: 'Two.' },
    { role: 'user', content: 'Three?' },
  ] as const;
  await collectEvents(aligner({ ...knownBase(writing('Four.')), aligner: second }).decode({ messages }));
  assert.match(
    second.vocabulary.textOf(second.calls[0]!.prefix),
    /harmless: One\?\nTwo\.\nThree\? \| Four\. ASSISTANT:$/u,
  );
});

test('an answer that does not fit its context is refused in words', async () => {
  const strategy = aligner({ ...knownBase(writing('No.')), aligner: secondModel('Yes.', { contextLength: 60 }) });
  await assert.rejects(collectEvents(strategy.decode({ messages: MESSAGES })), { code: 'prompt-too-long' });
});

test('a model that was trained with another prompt gets it, and texts are put in as they are', async () => {
  const second = scriptedModel({ id: 'second', next: writes('Yes.', { marker: '##Correction: ' }) });
  const prompt = 'USER: ##Question: {question} ##Answer: {answer} ##Correction: ';
  const messages = [{ role: 'user', content: 'Is {answer} $& a word?' }] as const;
  const strategy = aligner({ ...knownBase(writing('No {question}.')), aligner: second, prompt });
  const { trace } = await collectEvents(strategy.decode({ messages }));
  assert.equal(
    second.vocabulary.textOf(second.calls[0]!.prefix),
    'USER: ##Question: Is {answer} $& a word? ##Answer: No {question}. ##Correction: ',
  );
  assert.equal(trace.text, 'Yes.');
  const parts = { ...knownBase(writing('No.')), aligner: second };
  assert.throws(() => aligner({ ...parts, prompt: '{question}' }), { message: /must have \{answer\} once/ });
});
