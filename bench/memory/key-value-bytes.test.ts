import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openLibrary } from '../../src/engines/llama-cpp/index.ts';
import { readGgufHeader } from '../../src/models/index.ts';
import { makeTinyModels, type TinyModelName } from '../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { KEY_VALUE_TYPES, keyValueBytesPerToken, keyValueShape, type KeyValueType } from './key-value-bytes.ts';
import { reportedMemory } from './reported-memory.ts';

let directory: string;
let paths: Record<TinyModelName, string>;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wellbegun-memory-'));
  paths = await makeTinyModels(directory);
});
after(() => rm(directory, { recursive: true, force: true }));

const MIB = 1 << 20;

test('the formula is 2 · layers · key-value heads · head length · bytes', () => {
  const shape = { layers: 18, headsOfAllLayers: 18, keyLength: 256, valueLength: 256 };
  assert.equal(keyValueBytesPerToken(shape, 'f16'), 2 * 18 * 1 * 256 * 2);
  assert.equal(keyValueBytesPerToken(shape, 'q8_0'), (2 * 18 * 1 * 256 * 34) / 32);
});

test('llama.cpp reports what the formula gives, with and without a sliding window, however many sequences', async () => {
  const library = openLibrary();
  for (const name of ['attention', 'sliding-window'] as const) {
    const shape = keyValueShape(await readGgufHeader(paths[name]));
    for (const sequences of [1, 4]) {
      const cells = 65_536;
      const setting = { path: paths[name], cells, sequences, type: 'f16' as KeyValueType, slidingWindowInFull: true };
      const { keyValueMib } = await reportedMemory(library, setting);
      assert.equal(keyValueMib, (cells * keyValueBytesPerToken(shape, 'f16')) / MIB);
    }
  }
  assert.equal(KEY_VALUE_TYPES.f16.bytes, 2);
});

test('a sliding window that is not held in full takes less', async () => {
  const setting = { path: paths['sliding-window'], cells: 65_536, sequences: 1, type: 'f16' as KeyValueType };
  const library = openLibrary();
  const full = await reportedMemory(library, { ...setting, slidingWindowInFull: true });
  const cut = await reportedMemory(library, { ...setting, slidingWindowInFull: false });
  assert.ok(cut.keyValueMib < full.keyValueMib);
});
