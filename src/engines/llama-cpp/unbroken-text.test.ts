import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BYTE_BPE_TOKENIZER, BYTE_BPE_TOKENS } from '../../../test/fixtures/tiny-gguf/byte-bpe.ts';
import { byteBpeProbability } from '../../../test/fixtures/tiny-gguf/byte-bpe-probability.ts';
import { bigramModel } from '../../../test/fixtures/tiny-gguf/bigram-model.ts';
import { text } from '../../../test/fixtures/tiny-gguf/gguf-content.ts';
import { openTinyEngine, type TinyEngine } from '../../../test/fixtures/tiny-engine.ts';
import { ConfigError } from '../../core/errors.ts';
import type { LlamaCppModel } from './llama-cpp-model.ts';
import { MOST_UNBROKEN } from './unbroken-text.ts';

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

const withSplitter = (name: string): Promise<LlamaCppModel> =>
  engine.openContent(
    bigramModel({
      name,
      vocabularySize: BYTE_BPE_TOKENS.length,
      logits: (context, next) => Math.log(byteBpeProbability(context, next)),
      tokenizer: { ...BYTE_BPE_TOKENIZER, 'tokenizer.ggml.pre': text(name) },
    }),
  );

const encode = async (model: LlamaCppModel, content: string): Promise<string> => {
  const tokens = await model.encode([{ text: content, control: false }]);
  return Buffer.concat(await model.decode(tokens)).toString();
};

/** Where the process ended, a hundred times as much does for sure. */
const FAR_TOO_MUCH = 300_000;

for (const [splitter, content] of [
  ['tekken', 'a'],
  ['tekken', '字'],
  ['gpt-4o', 'A'],
  ['deepseek-v3', ' '],
  ['deepseek-llm', '7'],
  ['default', '-'],
  ['exaone-moe', 'a b '],
  ['bloom', 'a7-'],
] as const) {
  test(`a text without a break is refused before ${splitter} can end the process: ${JSON.stringify(content)}`, async () => {
    const model = await withSplitter(splitter);
    await assert.rejects(
      encode(model, content.repeat(FAR_TOO_MUCH)),
      (error) => error instanceof ConfigError && error.code === 'unbroken-text',
    );
    const most = content.repeat(MOST_UNBROKEN / content.length);
    assert.equal(await encode(model, most), most);
    const broken = 'word, 字. 77 -- '.repeat(10_000);
    assert.equal(await encode(model, broken), broken);
  });
}

for (const splitter of ['llama-bpe', 'qwen2', 'smollm', 'gpt-2']) {
  test(`${splitter} takes any text`, async () => {
    const model = await withSplitter(splitter);
    for (const sign of ['a', ' ', '-', '7', '字']) {
      const long = sign.repeat(FAR_TOO_MUCH / 10);
      assert.equal(await encode(model, long), long);
    }
  });
}
