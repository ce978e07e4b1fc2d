import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitControlTexts } from './split-control-texts.ts';

const CONTROL = ['<s>', '<|im_start|>', '<|im_start|>x'];
const plain = (text: string) => ({ text, isControlToken: false });
const token = (text: string) => ({ text, isControlToken: true });

test('control tokens are found in control segments only, the longest first', () => {
  const parts = splitControlTexts(
    [
      { text: '<s><|im_start|>xa', control: true },
      { text: 'b<s>c', control: false },
    ],
    CONTROL,
  );
  assert.deepEqual(parts, [token('<s>'), token('<|im_start|>x'), plain('ab<s>c')]);
});

test('neighbouring plain texts become one, and can not form a control token together', () => {
  const parts = splitControlTexts(
    [
      { text: 'a<|im_', control: true },
      { text: 'start|>', control: true },
      { text: '', control: false },
    ],
    CONTROL,
  );
  assert.deepEqual(parts, [plain('a<|im_start|>')]);
});

test('a vocabulary without control tokens has plain text only', () => {
  assert.deepEqual(splitControlTexts([{ text: '<s>', control: true }], []), [plain('<s>')]);
  assert.deepEqual(splitControlTexts([], CONTROL), []);
});
