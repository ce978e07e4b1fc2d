import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExamples } from './parse-examples.ts';
import { URIAL_EXAMPLES } from './urial-examples.ts';

const turns = (text: string) => parseExamples(text).map(({ role, content }) => [role, content]);

test('the plain form is read, with or without a system text', () => {
  const exchange = [
    ['user', 'Why?\n\nReally?'],
    ['assistant', 'Because.'],
  ];
  assert.deepEqual(turns('\n[User]\n Why?\n\nReally? \n[Assistant]\nBecause.\n'), exchange);
  assert.deepEqual(turns('[System]\r\nBe kind.\r\n[User]\r\nWhy?\r\n\r\nReally?\r\n[Assistant]\r\nBecause.'), [
    ['system', 'Be kind.'],
    ...exchange,
  ]);
});

test('the form of the published prompts is read, fences and all', () => {
  const text =
    '# Instruction\n\nBe kind.\n\n# Query:\n```\nWhy?\n```\n \n# Answer:\n```\nBecause:\n\n1. So.\n\n```\n\n\n# Query:\n```\nHow? \n```\n\n# Answer:\n```\n`x`\n```';
  assert.deepEqual(turns(text), [
    ['system', 'Be kind.'],
    ['user', 'Why?'],
    ['assistant', 'Because:\n\n1. So.'],
    ['user', 'How?'],
    ['assistant', '`x`'],
  ]);
});

test('the project’s own are examples', () => {
  assert.deepEqual(
    parseExamples(URIAL_EXAMPLES).map(({ role }) => role),
    ['system', 'user', 'assistant', 'user', 'assistant', 'user', 'assistant'],
  );
});

for (const [text, reason] of [
  ['', 'questions'],
  ['Hello\n[User]\na\n[Assistant]\nb', 'no heading'],
  ['[User]\na', 'followed by its answer'],
  ['[User]\na\n[User]\nb\n[Assistant]\nc', 'followed by its answer'],
  ['[Assistant]\na\n[User]\nb', 'followed by its answer'],
  ['[User]\na\n[Assistant]\n \n', 'turn of the assistant is empty'],
  ['[User]\na\n[Assistant]\nb\n[System]\nc', 'followed by its answer'],
] as const) {
  test(`${JSON.stringify(text)} is refused`, () => {
    assert.throws(() => parseExamples(text), {
      name: 'ConfigError',
      code: 'bad-examples',
      message: new RegExp(reason, 'u'),
    });
  });
}
