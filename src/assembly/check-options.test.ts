import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ChatMessage } from '../core/prompt-format.ts';
import { readMessages } from '../settings/read-messages.ts';
import { checkOptions } from './check-options.ts';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const system = (content: string): ChatMessage => ({ role: 'system', content });

suite('a conversation', () => {
  for (const messages of [
    [user('Hi')],
    [user(''), assistant('Yes?'), user('Hi')],
    [user('Hi'), assistant('Well,')],
    [user('Hi'), assistant('')],
  ]) {
    test(`that can be answered: ${JSON.stringify(messages)}`, () => {
      assert.doesNotThrow(() => checkOptions({ messages }));
    });
  }

  const REFUSED: readonly (readonly [ChatMessage[], RegExp])[] = [
    [[user('')], /^messages: The last message from the user is empty: say in it what to answer\.$/],
    [[user('Hi'), assistant('yo'), user('')], /^messages: The last message from the user is empty/],
    [[user('Hi'), assistant('yo'), user(' \n')], /^messages: The last message from the user is empty/],
    [[user('Hi'), assistant('yo'), user(''), assistant('Well,')], /^messages: The last message from the user is empty/],
    [
      [system('Be kind.'), assistant('Well,')],
      /^messages: No message is from the user: add one that says what to answer\.$/,
    ],
    [[user('Hi'), system('Be kind.')], /^The last of messages must be from the user/],
  ];
  for (const [messages, message] of REFUSED) {
    test(`that can't: ${JSON.stringify(messages)}`, () => {
      assert.throws(() => checkOptions({ messages }), { name: 'ConfigError', message });
    });
  }

  const WRONG: readonly (readonly [unknown, string])[] = [
    [[], 'is an empty list: give at least one {"role": "user", "content": text}.'],
    ['Hi', 'must be a list of {"role": "system" | "user" | "assistant", "content": text}, not "Hi".'],
    [
      [...Array<ChatMessage>(56).fill(user('Hi')), { role: 'robot', content: 'Hi' }],
      'is wrong at message 57: its "role" must be "system", "user" or "assistant", not "robot".',
    ],
    [[{ role: 'user', content: 5 }], 'is wrong at message 1: its "content" must be a text, not 5.'],
    [
      [{ content: 'Hi' }],
      'is wrong at message 1: its "role" must be "system", "user" or "assistant", and there is none.',
    ],
    [[null], 'is wrong at message 1: it must be {"role": "system" | "user" | "assistant", "content": text}, not null.'],
  ];
  for (const [value, fault] of WRONG) {
    test(`that ${fault}`, () => {
      const code = 'bad-messages';
      assert.throws(() => readMessages(value, 'talk.json'), { code, message: `talk.json ${fault}` });
      assert.throws(() => checkOptions({ messages: value as ChatMessage[] }), { code, message: `messages ${fault}` });
    });
  }
});
