import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Command } from 'commander';
import { chosenCriterion } from './chosen-criterion.ts';
import type { PairConfig } from './config-file.ts';
import { decodingOptions } from './shared-options.ts';

/** What is chosen, given a command line, an environment and a config file. */
async function choose(args: string[], values: PairConfig = {}, path = '/home/me/config.json') {
  const config = { path, values, pairs: {} };
  const command = new Command('run').exitOverride();
  for (const option of decodingOptions(config)) command.addOption(option);
  command.parse(args, { from: 'user' });
  const { criterion, gamma, window } = await chosenCriterion(command, config);
  return [typeof criterion === 'object' ? criterion.name : criterion, gamma, window];
}

suite('the nearest place has its way', () => {
  before(() => void (process.env.WELLBEGUN_CRITERION = 'fixed(9)'));
  after(() => {
    delete process.env.WELLBEGUN_CRITERION;
  });

  test('environment before config file, command line before both', async () => {
    assert.deepEqual(await choose([], { gamma: 0.7, window: 3 }), ['fixed(9)', undefined, undefined]);
    assert.deepEqual(await choose(['--criterion', 'token'], { gamma: 0.7 }), ['token', undefined, undefined]);
    assert.deepEqual(await choose(['--gamma', '0.6'], { window: 3 }), [undefined, 0.6, 3]);
  });
});

test('nothing said is the default', async () => {
  assert.deepEqual(await choose([]), [undefined, 0.8, 6]);
});

test('a criterion of the config file gives way to gamma on the command line', async () => {
  assert.deepEqual(await choose([], { criterion: 'token' }), ['token', undefined, undefined]);
  assert.deepEqual(await choose(['--gamma', '0.6'], { criterion: 'token' }), [undefined, 0.6, 6]);
});

test('both in one place are both chosen, to be refused', async () => {
  assert.deepEqual(await choose(['--gamma', '0.6', '--criterion', 'token']), ['token', 0.6, undefined]);
  await assert.rejects(choose(['--criterion-module', 'x.js', '--criterion', 'token']), { code: 'two-criteria' });
});

suite('a module', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-chosen-'));
    const source = `export default { name: 'mine', needsStatistics: false, start: () => ({ push: () => ({ accept: true }) }) };`;
    await writeFile(join(folder, 'mine.mjs'), source);
  });
  after(() => rm(folder, { recursive: true }));

  test('is named on the command line, or in the own config file, as seen from there', async () => {
    assert.deepEqual(await choose(['--criterion-module', join(folder, 'mine.mjs')]), ['mine', undefined, undefined]);
    const chosen = await choose([], { criterionModule: 'mine.mjs' }, join(folder, 'config.json'));
    assert.deepEqual(chosen, ['mine', undefined, undefined]);
  });

  test('is not run because the folder one is in has a config file', async () => {
    const here = resolve('wellbegun.config.json');
    await assert.rejects(
      choose([], { criterionModule: join(folder, 'mine.mjs') }, here),
      /can't name a criterionModule/,
    );
  });
});
