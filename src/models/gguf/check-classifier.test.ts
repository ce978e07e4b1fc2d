import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { encoderModel } from '../../../test/fixtures/tiny-gguf/encoder-model.ts';
import { makeTinyRewards } from '../../../test/fixtures/tiny-gguf/make-tiny-rewards.ts';
import { writeGguf } from '../../../test/fixtures/tiny-gguf/write-gguf.ts';
import { checkGgufFile } from './check-gguf-file.ts';

suite('a file that is wanted as a classifier', () => {
  let directory: string;
  before(async () => void (directory = await mkdtemp(join(tmpdir(), 'wellbegun-classifier-'))));
  after(() => rm(directory, { recursive: true }));

  test('passes as such, and not as a writer', async () => {
    const { encoder } = await makeTinyRewards(directory);
    await checkGgufFile(encoder, 'classifier');
    await assert.rejects(checkGgufFile(encoder), { code: 'unsupported-gguf', message: /no language model/ });
  });

  test('is refused where it is a writer', async () => {
    const { decoder } = await makeTinyRewards(directory);
    await assert.rejects(checkGgufFile(decoder, 'classifier'), {
      code: 'unsupported-gguf',
      message: /it is no encoder with classes \(model, llama\)/,
    });
  });

  test('is refused where it is an encoder without classes', async () => {
    const path = join(directory, 'headless.gguf');
    const { metadata, tensors } = encoderModel(['reward']);
    const body = Object.entries(tensors).filter(([name]) => !name.startsWith('cls.output'));
    await writeGguf(path, { metadata, tensors: Object.fromEntries(body) });
    await assert.rejects(checkGgufFile(path, 'classifier'), { message: /it has no classification head/ });
  });
});
