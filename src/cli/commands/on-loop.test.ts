import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import type { ConfigFile } from '../options/config-file.ts';
import { batchCommand } from './batch.ts';
import { chatCommand } from './chat.ts';
import { runCommand } from './run.ts';

const configOf = (values: ConfigFile['values']): ConfigFile => ({ path: undefined, pairs: {}, values });

const defaultIn = (command: Command): unknown =>
  command.options.find((option) => option.attributeName() === 'onLoop')!.defaultValue;

test('a loop ends the answer where a person reads, by default, and nowhere else', () => {
  const config = configOf({});
  assert.equal(defaultIn(runCommand(config)), 'stop');
  assert.equal(defaultIn(chatCommand(config)), 'stop');
  assert.equal(defaultIn(batchCommand(config)), undefined);
});

test('what the config file says of it holds', () => {
  assert.equal(defaultIn(runCommand(configOf({ onLoop: 'off' }))), 'off');
});
