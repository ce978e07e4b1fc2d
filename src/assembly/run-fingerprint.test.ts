import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { differences } from '../recording/fingerprint.ts';
import { decodingSettings } from '../settings/decoding.ts';
import { modelSettings } from '../settings/model.ts';
import type { SettingTable } from '../settings/setting.ts';
import { fingerprintOf } from './run-fingerprint.ts';

const TABLE: SettingTable = { ...modelSettings, ...decodingSettings };
const NAMED_FILES = Object.keys(TABLE).filter(
  (name) => TABLE[name]!.file !== undefined && TABLE[name]!.effect === 'text',
);

test('what is in the file of a setting counts, of every setting that names one', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-fingerprint-'));
  context.after(() => rm(folder, { recursive: true }));
  assert.ok(NAMED_FILES.includes('strategyModule') && NAMED_FILES.includes('criterionModule'));
  for (const name of NAMED_FILES) {
    const path = join(folder, `${name}.gguf`);
    await writeFile(path, 'one');
    const before = await fingerprintOf({ [name]: path });
    await writeFile(path, 'another');
    assert.deepEqual(differences(before, await fingerprintOf({ [name]: path })), [name]);
  }
});
