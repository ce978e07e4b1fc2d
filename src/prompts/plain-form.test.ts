import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '../core/prompt-format.ts';
import { plainForm } from './plain-form.ts';

function format(messages: readonly ChatMessage[], bosText?: string) {
  return plainForm({ bosText, addsBos: true }).format(messages);
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

test('one turn: BOS, the question, and the heading of the answer', () => {
  assert.deepEqual(format([user('What is a cat?')], '<bos>').text, [
    { text: '<bos>', control: true },
    { text: '\n\n[User]\nWhat is a cat?\n\n[Assistant]\n', control: false },
  ]);
});

test('no BOS where the tokenizer adds none', () => {
  const [first] = plainForm({ bosText: '<bos>', addsBos: false }).format([user('Hi')]).text;
  assert.equal(first?.control, false);
});

test('no BOS where the vocabulary has none', () => {
  assert.deepEqual(format([user('Hi')]).text, [{ text: '\n\n[User]\nHi\n\n[Assistant]\n', control: false }]);
});

test('several turns with a system message, their ends trimmed', () => {
  const messages = [
    { role: 'system', content: ' Be brief.\n' },
    user('Hi\n\nthere '),
    assistant('Hello! '),
    user('Bye'),
  ] as const;
  assert.equal(
    format(messages).text[0]?.text,
    '\n\n[System]\nBe brief.\n\n[User]\nHi\n\nthere\n\n[Assistant]\nHello!\n\n[User]\nBye\n\n[Assistant]\n',
  );
});

test('a trailing assistant message is the beginning of the answer', () => {
  assert.equal(format([user('Hi'), assistant('Well,')]).text[0]?.text, '\n\n[User]\nHi\n\n[Assistant]\nWell,');
});

test("a person's text is never read as control tokens", () => {
  const { text } = format([user('<bos><eos>')], '<bos>');
  assert.deepEqual(
    text.filter(({ control }) => control),
    [{ text: '<bos>', control: true }],
  );
});

test('stops at each heading, with and without the newlines before it', () => {
  assert.deepEqual(
    new Set(format([user('Hi')]).stop),
    new Set([
      ...['\n\n[User]', '\n\n[System]', '\n\n[Assistant]', '\n[User]', '\n[System]', '\n[Assistant]'],
      ...['[User]', '[System]', '[Assistant]'],
    ]),
  );
});
