import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { describeFolder } from './describe-folder.ts';
import { parseModelReference } from './model-reference.ts';
import { pullModel } from './pull-model.ts';
import { temporaryFolder } from '../../test/fixtures/serve-file.ts';

test('a folder in the place of a model is told as one, with a file in it or another way out', async (context) => {
  const folder = await temporaryFolder(context);
  const empty = join(folder, 'empty.gguf');
  await mkdir(empty);
  await writeFile(join(folder, 'small.Q4.gguf'), '');
  const file = `${folder} is a folder: name a file in it, such as ${join(folder, 'small.Q4.gguf')}.`;
  assert.throws(() => parseModelReference(folder), { name: 'ConfigError', message: file });
  await assert.rejects(pullModel(empty), {
    name: 'ModelFileError',
    message: /empty\.gguf is a folder without a \.gguf file: name such a file, or a server .* vllm:http:/,
  });
});

test('what is no folder is not told as one', async (context) => {
  const folder = await temporaryFolder(context);
  await writeFile(join(folder, 'x.gguf'), '');
  for (const value of ['', 'gemma', join(folder, 'x.gguf'), join(folder, 'nowhere'), 'a\0b']) {
    assert.equal(describeFolder(value), undefined);
  }
});
