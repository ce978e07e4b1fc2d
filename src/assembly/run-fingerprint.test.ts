import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { temporaryFolder } from '../../test/fixtures/serve-file.ts';
import { differences } from '../recording/fingerprint.ts';
import { decodingSettings } from '../settings/decoding.ts';
import { modelSettings } from '../settings/model.ts';
import type { Setting } from '../settings/setting.ts';
import { fingerprintOf } from './run-fingerprint.ts';

const SETTINGS = Object.entries<Setting>({ ...modelSettings, ...decodingSettings });
const FILES = SETTINGS.filter(([, { file, effect }]) => file && effect === 'text').map(([name]) => name);

suite('a run is another one', () => {
  for (const [name, fragment] of [
    ...FILES.map((name) => [name, ''] as const),
    ...['head', 'template'].map((option) => ['reward', `model.gguf#${option}=`] as const),
    ['reward', 'judge:http://host:1#rubric='] as const,
  ]) {
    test(`where the file behind ${name} ${fragment} has another content`, async (context) => {
      const path = join(await temporaryFolder(context), 'file.gguf');
      const prints = [];
      for (const content of ['one', 'one', 'two']) {
        await writeFile(path, content);
        prints.push(await fingerprintOf({ [name]: `${fragment}${path}` }));
      }
      const [first, same, other] = prints;
      assert.deepEqual(differences(first!, same!), []);
      assert.deepEqual(differences(first!, other!), [name]);
    });
  }

  test('where a setting that changes the text has another value, and no other one', async () => {
    const changed: string[] = [];
    for (const [name] of SETTINGS) {
      const [before, now] = await Promise.all([1, 2].map((value) => fingerprintOf({ [name]: value })));
      changed.push(...differences(before!, now!));
    }
    const expected = SETTINGS.filter(([, { effect, secret }]) => effect === 'text' && !secret).map(([name]) => name);
    assert.deepEqual(changed, expected);
  });
});
