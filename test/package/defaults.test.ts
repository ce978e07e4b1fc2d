import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import type { RunResult } from '../../src/assembly/run-result.ts';
import { makePlace, type Place } from './support.ts';

/** Most drafted tokens, seen from outside by how many were drafted. */
const FILE = '3';
const ENVIRONMENT = '4';
const OPTION = '5';

suite('defaults', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  const drafted = async (args: readonly string[], env: Record<string, string>, cwd?: string): Promise<string> => {
    const result = await place.run(['run', '--json', ...args, 'hi'], { env, ...(cwd !== undefined && { cwd }) });
    assert.equal(result.code, 0, result.stderr);
    return String((JSON.parse(result.stdout) as RunResult).usage.draftTokens);
  };

  test('an option is before the environment, and that before the config file', async () => {
    const WELLBEGUN_CONFIG = join(await place.newFolder(), 'my.json');
    await writeFile(WELLBEGUN_CONFIG, JSON.stringify({ $schema: 'x', maxDraft: Number(FILE) }));
    const WELLBEGUN_MAX_DRAFT = ENVIRONMENT;
    assert.equal(await drafted([], { WELLBEGUN_CONFIG }), FILE);
    await writeFile(WELLBEGUN_CONFIG, `\uFEFF${JSON.stringify({ maxDraft: Number(FILE) })}`);
    assert.equal(await drafted([], { WELLBEGUN_CONFIG }), FILE);
    assert.notEqual(await drafted([], { WELLBEGUN_CONFIG: '' }), FILE);
    assert.equal(await drafted([], { WELLBEGUN_CONFIG, WELLBEGUN_MAX_DRAFT }), ENVIRONMENT);
    assert.equal(await drafted(['--max-draft', OPTION], { WELLBEGUN_CONFIG, WELLBEGUN_MAX_DRAFT }), OPTION);
  });

  test("a config file in this folder is before the user's own", async () => {
    const [cwd, home] = [await place.newFolder(), await place.newFolder()];
    await mkdir(join(home, 'wellbegun'));
    await writeFile(join(home, 'wellbegun/config.json'), '{"maxDraft": 2}');
    assert.equal(await drafted([], { XDG_CONFIG_HOME: home }, cwd), '2');
    await writeFile(join(cwd, 'wellbegun.config.json'), '{"maxDraft": 3}');
    assert.equal(await drafted([], { XDG_CONFIG_HOME: home }, cwd), '3');
  });

  test('stop texts of a config file are replaced by those of the command line', async () => {
    const WELLBEGUN_CONFIG = join(await place.newFolder(), 'my.json');
    await writeFile(WELLBEGUN_CONFIG, '{"stop": [" fell", " old"]}');
    const answer = async (...args: string[]) =>
      (await place.run(['run', ...args, 'hi'], { env: { WELLBEGUN_CONFIG } })).stdout;
    assert.equal(await answer(), 'Rain\n');
    assert.equal(await answer('--stop', ' cat'), 'Rain fell softly while an old grey\n');
  });

  test('the help shows them and where they come from', async () => {
    const WELLBEGUN_CONFIG = join(await place.newFolder(), 'my.json');
    await writeFile(WELLBEGUN_CONFIG, '{"gamma": 0.7}');
    const { stdout, code } = await place.run(['run', '--help-all'], { env: { WELLBEGUN_CONFIG } });
    assert.equal(code, 0);
    const words = stdout.replace(/\s+/g, ' ');
    assert.match(words, /--gamma <number> .*\(default: 0\.7, from the config file, env: WELLBEGUN_GAMMA\)/);
    assert.match(words, /--window <n> .*\(default: 6, env: WELLBEGUN_WINDOW\)/);
    const options =
      'base draft strategy gamma window max-draft max-tokens temperature top-p top-k min-p seed system stop';
    for (const name of `${options} template threads context gpu-layers json trace messages compare debug`.split(' ')) {
      assert.match(stdout, new RegExp(`^ +--${name}\\b`, 'm'));
    }
    assert.ok(stdout.split('\n').every((line) => line.length <= 80));
  });
});
