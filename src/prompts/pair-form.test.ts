import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '../core/prompt-format.ts';
import { pairForm } from './pair-form.ts';

const BERT = { begin: ['[CLS]'], between: ['[SEP]'], end: ['[SEP]'] };
const ROBERTA = { begin: ['<s>'], between: ['</s>', '</s>'], end: ['</s>'] };

const format = (messages: readonly ChatMessage[], options = BERT) => pairForm(options).format(messages).text;
const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

test('a question and its answer stand as they are between control tokens', () => {
  assert.deepEqual(format([user('Why?'), assistant(' Because.')]), [
    { text: '[CLS]', control: true },
    { text: 'Why?', control: false },
    { text: '[SEP]', control: true },
    { text: ' Because.', control: false },
    { text: '[SEP]', control: true },
  ]);
});

test('the control tokens are those that the vocabulary wants', () => {
  const text = format([user('a'), assistant('b')], ROBERTA);
  assert.equal(text.map((segment) => segment.text).join(''), '<s>a</s></s>b</s>');
});

test('of several turns each has its heading', () => {
  const text = format([
    { role: 'system', content: 'Be brief.' },
    user('Hi '),
    assistant('Hello'),
    user('Bye'),
    assistant('x'),
  ]);
  assert.equal(text[1]!.text, '[System]\nBe brief.\n\n[User]\nHi\n\n[Assistant]\nHello\n\n[User]\nBye');
});

test("a person's text is never read as control tokens", () => {
  const text = format([user('[SEP]'), assistant('[CLS]')]);
  assert.deepEqual(
    text.filter(({ control }) => !control).map((segment) => segment.text),
    ['[SEP]', '[CLS]'],
  );
});
