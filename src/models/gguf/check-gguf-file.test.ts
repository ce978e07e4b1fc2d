import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { attentionModel } from '../../../test/fixtures/tiny-gguf/attention-model.ts';
import {
  type GgufContent,
  type WrittenValue,
  bool,
  i32s,
  strings,
  text,
  u32,
} from '../../../test/fixtures/tiny-gguf/gguf-content.ts';
import { encodeGguf } from '../../../test/fixtures/tiny-gguf/write-gguf.ts';
import { ModelFileError } from '../../core/errors.ts';
import { checkGgufFile } from './check-gguf-file.ts';

const GOOD: GgufContent = attentionModel({ architecture: 'gemma3', seed: 1, slidingWindow: 8 });

function withMetadata(changes: Record<string, WrittenValue | undefined>): GgufContent {
  const pairs = Object.entries({ ...GOOD.metadata, ...changes });
  const metadata = Object.fromEntries(pairs.filter((pair): pair is [string, WrittenValue] => pair[1] !== undefined));
  return { ...GOOD, metadata };
}

/** What is changed, and what the refusal must say. */
const REFUSALS: Record<string, readonly [GgufContent, string, RegExp]> = {
  'no architecture': [withMetadata({ 'general.architecture': undefined }), 'damaged-gguf', /architecture/],
  'a number as architecture': [withMetadata({ 'general.architecture': u32(1) }), 'damaged-gguf', /not a string/],
  'a strange architecture': [withMetadata({ 'general.architecture': text('a b') }), 'damaged-gguf', /architecture/],
  'an encoder': [withMetadata({ 'general.architecture': text('bert') }), 'unsupported-gguf', /no language model/],
  'an adapter': [withMetadata({ 'general.type': text('adapter') }), 'unsupported-gguf', /no language model/],
  'no tensors': [{ ...GOOD, tensors: {} }, 'damaged-gguf', /no tensors/],
  'a part of several': [withMetadata({ 'split.count': u32(2) }), 'unsupported-gguf', /parts/],
  'attention to the future': [withMetadata({ 'gemma3.attention.causal': bool(false) }), 'unsupported-gguf', /encoder/],
  'no vocabulary': [withMetadata({ 'tokenizer.ggml.model': text('none') }), 'unsupported-gguf', /vocabulary/],
  'no tokens': [withMetadata({ 'tokenizer.ggml.tokens': strings([]) }), 'damaged-gguf', /no tokens/],
  'tokens that are numbers': [withMetadata({ 'tokenizer.ggml.tokens': i32s([1]) }), 'damaged-gguf', /no tokens/],
  'token types that are a number': [
    withMetadata({ 'tokenizer.ggml.token_type': u32(1) }),
    'damaged-gguf',
    /token_type/,
  ],
};

suite('checkGgufFile', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wellbegun-gguf-'));
  });
  after(() => rm(directory, { recursive: true }));

  async function check(bytes: Buffer): ReturnType<typeof checkGgufFile> {
    const path = join(directory, 'model.gguf');
    await writeFile(path, bytes);
    return checkGgufFile(path);
  }

  test('returns the header of a good file', async () => {
    const header = await check(encodeGguf(GOOD));
    assert.equal(header.tensors.length, Object.keys(GOOD.tensors).length);
    assert.deepEqual(header.metadata.get('gemma3.block_count'), { type: 'u32', value: 2 });
  });

  test('lets empty tokens pass, which llama.cpp names itself', async () => {
    await check(encodeGguf(withMetadata({ 'tokenizer.ggml.tokens': strings(['a', '', 'b', '']) })));
  });

  for (const [name, [content, code, message]] of Object.entries(REFUSALS)) {
    test(`refuses ${name}`, async () => {
      await assert.rejects(check(encodeGguf(content)), (error) => {
        assert.ok(error instanceof ModelFileError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.match(error.message, /^The model file model\.gguf can't be used: .+; .+\.$/);
        return true;
      });
    });
  }
});
