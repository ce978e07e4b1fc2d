import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { NO_CONFIG } from './no-config.ts';
import { settleFileNames } from './settle-file-names.ts';
import { modelOptions } from './shared-options.ts';

function settled(args: readonly string[], values: Readonly<Record<string, string>> = {}) {
  const command = new Command('run').option('--trace <file>').option('--system <text>');
  for (const option of modelOptions({ ...NO_CONFIG, values })) command.addOption(option);
  command.parse([...args], { from: 'user' });
  settleFileNames(command);
  return command.opts<Record<string, string>>();
}

test('the home is written out in names of files, wherever they come from, and in nothing else', () => {
  const values = settled(['--trace', '~/t.json', '--tokenizer=~/tok', '--system', '~/x'], { template: '~/t.jinja' });
  const { trace, tokenizer, system, template } = values;
  const home = (name: string) => join(homedir(), name);
  assert.deepEqual([trace, tokenizer, system, template], [home('t.json'), home('tok'), '~/x', home('t.jinja')]);
});

test('an empty name is refused', () => {
  assert.throws(() => settled(['--trace', '']), {
    name: 'ConfigError',
    message: "--trace can't be empty: name a file.",
  });
});
