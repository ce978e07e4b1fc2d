import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.ts';
import { parseServerAddress } from './server-address.ts';
import { serverKey } from './server-key.ts';

const parse = (text: string) => parseServerAddress(text, 'base vllm:');

test('an address and the name of a model', () => {
  assert.deepEqual(parse('http://localhost:8000'), { url: 'http://localhost:8000', model: undefined });
  assert.deepEqual(parse('https://a.example/v1/#org/model%20x'), { url: 'https://a.example/v1', model: 'org/model x' });
});

test('what is no address, or holds a secret, is refused without repeating it', () => {
  for (const text of [
    '',
    'localhost:8000',
    'ftp://a',
    'http://',
    'http://a:b@host',
    'http://host?key=topsecret',
    'http://h#%',
  ]) {
    assert.throws(
      () => parse(text),
      (error) => error instanceof ConfigError && !/a:b|topsecret/.test(error.message),
      text,
    );
  }
});

test('a key comes from the environment or from a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-key-'));
  try {
    const path = join(folder, 'key');
    await writeFile(path, 'sk-file\n');
    assert.equal(await serverKey('WELLBEGUN_BASE_KEY', {}), undefined);
    assert.equal(await serverKey('WELLBEGUN_BASE_KEY', { WELLBEGUN_BASE_KEY: ' sk-env ' }), 'sk-env');
    assert.equal(await serverKey('WELLBEGUN_BASE_KEY', { WELLBEGUN_BASE_KEY_FILE: path }), 'sk-file');
    await assert.rejects(serverKey('WELLBEGUN_BASE_KEY', { WELLBEGUN_BASE_KEY_FILE: join(folder, 'none') }), /ENOENT/);
    await assert.rejects(
      serverKey('WELLBEGUN_BASE_KEY', { WELLBEGUN_BASE_KEY: 'top\nsecret' }),
      (error: Error) => !/secret/.test(error.message),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
