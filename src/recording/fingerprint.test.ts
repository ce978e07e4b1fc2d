import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from './fingerprint.ts';

const now = { named: 'r.gguf', file: '/m/r.gguf', bytes: 5, modifiedMs: 9, sha256: 'a' };

for (const [name, before, isSame] of [
  ['the same content', now, true],
  ['the same content under another name and date', { ...now, named: 's.gguf', file: '/s', modifiedMs: 1 }, true],
  ['another content under the same name', { ...now, sha256: 'b' }, false],
  ['what an earlier version knew by its name alone', 'r.gguf', true],
  ['another name', 's.gguf', false],
  ['what an earlier version knew by size and date', { file: '/m/r.gguf', bytes: 5, modifiedMs: 9 }, true],
  ['another date', { file: '/m/r.gguf', bytes: 5, modifiedMs: 8 }, false],
  ['what an earlier version knew by its content', { file: '/m/r.gguf', sha256: 'a' }, true],
  ['nothing', undefined, false],
] as const) {
  test(`a file is compared with ${name}`, () => {
    assert.deepEqual(differences({ gamma: 1, reward: before }, { gamma: 1, reward: now }), isSame ? [] : ['reward']);
  });
}

test('a model that left the cache is known by its name', () => {
  assert.deepEqual(differences({ base: now }, { base: 'r.gguf' }), []);
  assert.deepEqual(differences({ base: now }, { base: 'other' }), ['base']);
});
