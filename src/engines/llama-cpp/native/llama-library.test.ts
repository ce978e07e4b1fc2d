import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { locateLibrary } from './library-location.ts';
import { openLibrary } from './llama-library.ts';

test('a library that can not be loaded is refused with its name and the way out', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-'));
  context.after(() => rm(folder, { recursive: true }));
  const llama = join(folder, 'libllama.so');
  writeFileSync(llama, 'cut off');
  assert.throws(() => openLibrary({ ...locateLibrary(), llama }), {
    name: 'EngineError',
    code: 'library-unloadable',
    message: new RegExp(`^The llama.cpp library ${llama} can't be loaded \\(.*\\): install @node-llama-cpp/`),
  });
});
