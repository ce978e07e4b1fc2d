import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { flagOf } from '../../settings/names.ts';
import { assertForStrategy } from './assert-for-strategy.ts';
import { decodingOptions, modelOptions } from './shared-options.ts';

function check(...args: string[]): void {
  const config = { path: undefined, values: { gamma: 0.5 }, pairs: {} };
  const command = new Command('run').option('--compare');
  for (const option of [...modelOptions(config), ...decodingOptions(config)]) command.addOption(option);
  command.parse(args, { from: 'user' });
  assertForStrategy(command);
}

test('an option belongs to a strategy that uses it', () => {
  check('--strategy', 'base');
  check('--strategy', 'base', '--draft', 'other.gguf');
  check('--gamma', '0.7', '--window', '3', '--max-draft', '9', '--on-no-switch', 'stop');
  check('--compare', '--gamma', '0.7', '--template', 'chat', '--draft-template', 'x.jinja');
  check('--strategy', 'recheck', '--reward', 'r.gguf', '--criterion', 'fixed(4)');
  check('--strategy', 'aligner', '--aligner', 'a.gguf');
  check('--strategy', 'urial', '--urial-examples', 'x.json');
  for (const [strategy, flag, value] of [
    ['wsd', '--reward', 'r.gguf'],
    ['wsd', '--aligner', 'a.gguf'],
    ['wsd', '--urial-examples', 'x.json'],
    ['base', '--gamma', '0.5'],
    ['base', '--criterion', 'boundary(confidence)'],
    ['base', '--criterion-module', 'x.mjs'],
    ['base', '--draft-template', 'x.jinja'],
    ['draft', '--template', 'chat'],
    ['draft', '--max-draft', '0'],
    ['nudging', '--on-no-switch', 'stop'],
    ['best-of-n', '--window', '3'],
  ] as const) {
    const says = `The strategy ${strategy} does not use ${flag}: leave it out.`;
    assert.throws(
      () => check('--strategy', strategy, flag, value),
      (error) => error instanceof ConfigError && error.spelled(flagOf) === says,
    );
  }
});
