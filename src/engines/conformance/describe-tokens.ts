import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanguageModel } from '../../core/language-model.ts';
import type { ConformanceFixtures, OpenModel } from './conformance-fixtures.ts';
import { withModel } from './with-model.ts';

const TEXTS = [
  'The cat sat on the mat.',
  '  two  spaces \n\n\tand lines\r\n',
  '🎉 👩‍👩‍👧 🇪🇺 ✌🏽',
  '你好，世界。こんにちは 안녕',
  'naïve café e\u0301 \u00a0\u3000',
  '\n',
  ' ',
  'a\u0000b',
];

async function throughTokens(model: LanguageModel, text: string): Promise<string> {
  const pieces = await model.decode(await model.encode([{ text, control: false }]));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(pieces.flatMap((piece) => [...piece])));
}

export function describeTokens(open: OpenModel, fixtures: ConformanceFixtures): void {
  const texts = [...TEXTS, ...(fixtures.texts ?? [])];

  void test(
    'text survives encode and decode, byte by byte',
    withModel(open, fixtures, async ({ model }) => {
      for (const text of texts) assert.equal(await throughTokens(model, text), text);
    }),
  );

  void test(
    'no text has no tokens',
    withModel(open, fixtures, async ({ model }) => {
      assert.deepEqual(await model.encode([]), []);
      assert.deepEqual(await model.encode([{ text: '', control: false }]), []);
      assert.deepEqual(await model.decode([]), []);
    }),
  );

  void test(
    'segments are tokenised together',
    withModel(open, fixtures, async ({ model }) => {
      const whole = texts.join('');
      const segments = Array.from(whole).map((text) => ({ text, control: false }));
      assert.deepEqual(await model.encode(segments), await model.encode([{ text: whole, control: false }]));
    }),
  );

  void test(
    'a control text is one token without bytes in a control segment, and plain text elsewhere',
    withModel(open, fixtures, async ({ model }) => {
      for (const text of model.info.controlTexts.slice(0, 20)) {
        const [token, ...more] = await model.encode([{ text, control: true }]);
        assert.deepEqual(more, [], `${text} is several tokens`);
        assert.deepEqual(
          (await model.decode([token!])).map(({ length }) => length),
          [0],
        );
        assert.ok(!(await model.encode([{ text, control: false }])).includes(token!), `${text} can be forged`);
      }
    }),
  );

  void test(
    'every token is within the vocabulary',
    withModel(open, fixtures, async ({ model }) => {
      const tokens = await model.encode(texts.map((text) => ({ text, control: false })));
      assert.ok(
        tokens.every(
          (token) => Number.isInteger(token) && token >= 0 && token < (model.info.vocabularySize ?? Infinity),
        ),
      );
    }),
  );
}
