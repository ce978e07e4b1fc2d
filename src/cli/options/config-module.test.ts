import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { configuredModules } from './config-module.ts';
import { NO_CONFIG } from './no-config.ts';
import { decodingOptions } from './shared-options.ts';

test('modules of the config file are beside it, and those of the command line where they were said to be', () => {
  const values = { criterionModule: 'mine.ts', strategyModule: '/modules/own.ts' };
  const config = { ...NO_CONFIG, path: '/config/wellbegun.json', values };
  const modulesOf = (args: readonly string[]) => {
    const command = new Command('batch');
    for (const option of decodingOptions(config)) command.addOption(option);
    return configuredModules(command.parse([...args], { from: 'user' }), config);
  };
  const strategyModule = resolve('/modules/own.ts');
  assert.deepEqual(modulesOf([]), { criterionModule: resolve('/config/mine.ts'), strategyModule });
  assert.deepEqual(modulesOf(['--criterion-module', 'other.ts']), { strategyModule });
});
