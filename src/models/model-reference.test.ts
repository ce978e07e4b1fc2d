import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';

import { ConfigError } from '../core/errors.ts';
import { cacheDirectory } from './cache-directory.ts';
import { catalogue } from './catalogue.ts';
import { parseModelReference } from './model-reference.ts';

test('the default pair is in the catalogue', () => {
  for (const role of ['base', 'draft'] as const) {
    const entry = catalogue.models.find(({ name }) => name === catalogue.defaultPair[role]);
    assert.equal(entry?.role, role);
    assert.deepEqual(parseModelReference(entry.name), { kind: 'catalogue', model: entry });
  }
});

test('paths become absolute', () => {
  assert.deepEqual(parseModelReference('x.gguf'), { kind: 'local', path: resolve('x.gguf') });
  assert.deepEqual(parseModelReference('/a b/x.GGUF'), { kind: 'local', path: '/a b/x.GGUF' });
  assert.deepEqual(parseModelReference('~/m/x.gguf'), { kind: 'local', path: join(homedir(), 'm/x.gguf') });
});

test('files on the hub', () => {
  const location = { repository: 'o/r-1.0', file: 'q/x.gguf', revision: undefined };
  assert.deepEqual(parseModelReference('hf:o/r-1.0/q/x.gguf'), { kind: 'hub', location });
  const pinned = { ...location, revision: 'abc123' };
  assert.deepEqual(parseModelReference('hf:o/r-1.0@abc123/q/x.gguf'), { kind: 'hub', location: pinned });
});

for (const value of [
  'hf:',
  'hf:o/x.gguf',
  'hf:o/r/x.bin',
  'hf:../r/x.gguf',
  'hf:o/../x.gguf',
  'hf:o/r/../x.gguf',
  'hf:o/r/a//x.gguf',
  'hf:o/r@/x.gguf',
  'hf:o/r@../x.gguf',
  'hf:o/r@a@b/x.gguf',
  'hf:o/r/a\\..\\x.gguf',
  'hf:o/r/%2e%2e/x.gguf',
  'hf:o/r/x-00001-of-00002.gguf',
]) {
  test(`${value} is refused`, () => assert.throws(() => parseModelReference(value), ConfigError));
}

test('what is unknown is named with what could be meant', () => {
  const message = /^There is no model "gema-3-270m" \(did you mean gemma-3-270m\?\): name one of gemma-3-270m, smollm2/;
  assert.throws(() => parseModelReference('gema-3-270m'), { message });
  assert.throws(() => parseModelReference('smollm-135m'), { message: /did you mean smollm2-135m-instruct\?/ });
  const page = 'https://huggingface.co/o/r/blob/main/x.gguf';
  assert.throws(() => parseModelReference(page), { message: /did you mean hf:o\/r\/x\.gguf\?/ });
  assert.throws(() => parseModelReference(''), { message: /There is no model "": name one of/ });
});

test('any text is read or refused with a ConfigError, and no hub path leaves its folder', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^hf:[\w./@\\%:-]*\.gguf$/));
  fc.assert(
    fc.property(text, (value) => {
      try {
        const reference = parseModelReference(value);
        if (reference.kind !== 'hub') return;
        const { repository, file } = reference.location;
        assert.equal(join('/cache', repository, file), `/cache/${repository}/${file}`);
      } catch (error) {
        assert.ok(error instanceof ConfigError);
      }
    }),
  );
});

test('WELLBEGUN_CACHE names the cache', () => {
  assert.equal(cacheDirectory({ WELLBEGUN_CACHE: '~/c' }), join(homedir(), 'c'));
  assert.equal(cacheDirectory({ WELLBEGUN_CACHE: 'c' }), resolve('c'));
  assert.match(cacheDirectory({}), /wellbegun/);
});
