import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { attentionModel } from '../../../test/fixtures/tiny-gguf/attention-model.ts';
import {
  type GgufContent,
  type WrittenTensor,
  type WrittenValue,
  bool,
  f32,
  f32s,
  i32s,
  strings,
  text,
  u32,
} from '../../../test/fixtures/tiny-gguf/gguf-content.ts';
import { SENTENCEPIECE_TOKENIZER, SENTENCEPIECE_TOKENS } from '../../../test/fixtures/tiny-gguf/sentencepiece.ts';
import { encodeGguf } from '../../../test/fixtures/tiny-gguf/write-gguf.ts';
import { ModelFileError } from '../../core/errors.ts';
import { checkGgufFile } from './check-gguf-file.ts';

const GOOD: GgufContent = attentionModel({ architecture: 'gemma3', seed: 1, slidingWindow: 8 });
const VECTOR: WrittenTensor = { dimensions: [64], values: new Float32Array(64) };

function withMetadata(changes: Record<string, WrittenValue | undefined>): GgufContent {
  const pairs = Object.entries({ ...GOOD.metadata, ...changes });
  const metadata = Object.fromEntries(pairs.filter((pair): pair is [string, WrittenValue] => pair[1] !== undefined));
  return { ...GOOD, metadata };
}

function withTensor(name: string, tensor: WrittenTensor): GgufContent {
  return { ...GOOD, tensors: { ...GOOD.tensors, [name]: tensor } };
}

/** What is changed, and what the refusal must say. */
const REFUSALS: Record<string, readonly [GgufContent, string, RegExp]> = {
  'no architecture': [withMetadata({ 'general.architecture': undefined }), 'damaged-gguf', /architecture/],
  'a number as architecture': [withMetadata({ 'general.architecture': u32(1) }), 'damaged-gguf', /not a string/],
  'a strange architecture': [withMetadata({ 'general.architecture': text('a b') }), 'damaged-gguf', /architecture/],
  'an encoder': [withMetadata({ 'general.architecture': text('bert') }), 'unsupported-gguf', /no language model/],
  'an adapter': [withMetadata({ 'general.type': text('adapter') }), 'unsupported-gguf', /no language model/],
  'no tensors': [{ ...GOOD, tensors: {} }, 'damaged-gguf', /no tensors/],
  'a small alignment': [withMetadata({ 'general.alignment': u32(16) }), 'unsupported-gguf', /alignment is 16 bytes/],
  'a part of several': [withMetadata({ 'split.count': u32(2) }), 'unsupported-gguf', /parts/],
  'no layers': [withMetadata({ 'gemma3.block_count': u32(0) }), 'damaged-gguf', /block_count is 0/],
  'too many layers': [withMetadata({ 'gemma3.block_count': u32(513) }), 'damaged-gguf', /block_count is 513/],
  'no layer count': [withMetadata({ 'gemma3.block_count': undefined }), 'damaged-gguf', /block_count is missing/],
  'no context': [withMetadata({ 'gemma3.context_length': u32(0) }), 'damaged-gguf', /context_length/],
  'no width': [withMetadata({ 'gemma3.embedding_length': u32(0) }), 'damaged-gguf', /embedding_length/],
  'a width that is text': [withMetadata({ 'gemma3.embedding_length': text('64') }), 'damaged-gguf', /32-bit/],
  'heads that do not share evenly': [
    withMetadata({ 'gemma3.attention.head_count_kv': u32(3) }),
    'damaged-gguf',
    /heads/,
  ],
  'heads for other layers': [withMetadata({ 'gemma3.attention.head_count': i32s([4]) }), 'damaged-gguf', /2 layers/],
  'negative heads': [withMetadata({ 'gemma3.attention.head_count': i32s([4, -4]) }), 'damaged-gguf', /whole number/],
  'keys without length': [withMetadata({ 'gemma3.attention.key_length': u32(0) }), 'damaged-gguf', /key_length/],
  'an odd RoPE': [withMetadata({ 'gemma3.rope.dimension_count': u32(7) }), 'damaged-gguf', /dimension_count is 7/],
  'a RoPE over the key': [withMetadata({ 'gemma3.rope.dimension_count': u32(18) }), 'damaged-gguf', /length 16/],
  'an unknown RoPE scaling': [withMetadata({ 'gemma3.rope.scaling.type': text('x') }), 'damaged-gguf', /scaling/],
  'a negative epsilon': [
    withMetadata({ 'gemma3.attention.layer_norm_rms_epsilon': f32(-1) }),
    'damaged-gguf',
    /epsilon is -1/,
  ],
  'a RoPE base that is no number': [withMetadata({ 'gemma3.rope.freq_base': f32(NaN) }), 'damaged-gguf', /NaN/],
  'attention to the future': [withMetadata({ 'gemma3.attention.causal': bool(false) }), 'unsupported-gguf', /encoder/],
  'experts that are not used': [withMetadata({ 'gemma3.expert_count': u32(4) }), 'damaged-gguf', /experts/],
  'more experts used than there are': [withMetadata({ 'gemma3.expert_used_count': u32(1) }), 'damaged-gguf', /experts/],
  'groups without experts': [withMetadata({ 'gemma3.expert_group_count': u32(1) }), 'damaged-gguf', /groups/],
  'experts that do not group': [
    withMetadata({
      'gemma3.expert_count': u32(5),
      'gemma3.expert_used_count': u32(1),
      'gemma3.expert_group_count': u32(2),
    }),
    'damaged-gguf',
    /groups/,
  ],
  'a window that no layer uses': [
    withMetadata({ 'gemma3.attention.sliding_window_pattern': u32(1) }),
    'damaged-gguf',
    /sliding window/,
  ],
  'a norm in half precision': [
    withTensor('output_norm.weight', { ...VECTOR, type: 'F16' }),
    'unsupported-gguf',
    /output_norm.weight has the type F16/,
  ],
  'no vocabulary': [withMetadata({ 'tokenizer.ggml.model': text('none') }), 'unsupported-gguf', /vocabulary/],
  'no tokens': [withMetadata({ 'tokenizer.ggml.tokens': strings([]) }), 'damaged-gguf', /no tokens/],
  'tokens that are numbers': [withMetadata({ 'tokenizer.ggml.tokens': i32s([1]) }), 'damaged-gguf', /no tokens/],
  'a token twice': [withMetadata({ 'tokenizer.ggml.tokens': strings(['a', 'b', 'a']) }), 'damaged-gguf', /token 2/],
  'a name that an empty token takes': [
    withMetadata({ 'tokenizer.ggml.tokens': strings(['[EMPTY_1]', '']) }),
    'damaged-gguf',
    /reserved/,
  ],
  'too few token types': [withMetadata({ 'tokenizer.ggml.token_type': i32s([1]) }), 'damaged-gguf', /token_type/],
  'too few scores': [withMetadata({ 'tokenizer.ggml.scores': f32s([0]) }), 'damaged-gguf', /scores/],
  'a merge of one': [withMetadata({ 'tokenizer.ggml.merges': strings(['a b', 'ab']) }), 'damaged-gguf', /merge 1/],
  'an end outside of the vocabulary': [
    withMetadata({ 'tokenizer.ggml.eos_token_id': u32(99_999) }),
    'damaged-gguf',
    /eos_token_id is 99999/,
  ],
  'a separator that does not exist': [
    withMetadata({ 'tokenizer.ggml.add_sep_token': bool(true) }),
    'damaged-gguf',
    /sep token/,
  ],
  'a vocabulary without a byte': [
    withMetadata({
      ...SENTENCEPIECE_TOKENIZER,
      'tokenizer.ggml.tokens': strings(SENTENCEPIECE_TOKENS.map((token) => token.replace('<0xFF>', 'other'))),
    }),
    'damaged-gguf',
    /lacks the token <0xFF>/,
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

  test('refuses a matrix of integers', async () => {
    const bytes = encodeGguf(GOOD);
    const name = bytes.indexOf('blk.1.ffn_down.weight');
    bytes.writeUInt32LE(26, name + 'blk.1.ffn_down.weight'.length + 4 + 16);
    await assert.rejects(check(bytes), { code: 'unsupported-gguf', message: /ffn_down\.weight has the type I32/ });
  });
});
