import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { assertForServer } from './assert-for-server.ts';
import { NO_CONFIG } from './no-config.ts';
import { ConfigError } from '../../core/errors.ts';
import { flagOf } from '../../settings/names.ts';
import { modelOptions } from './shared-options.ts';

function check(...args: string[]): void {
  const command = new Command('evaluate').option('--judge <model>');
  for (const option of modelOptions(NO_CONFIG)) command.addOption(option);
  command.parse(args, { from: 'user' });
  assertForServer(command);
}

test('options about servers belong to a model on one', () => {
  check('--tokenizer', 't.json', '--base', 'vllm:http://h');
  check('--tokenizer', 't.json', '--aligner', 'sglang:http://h');
  check('--server-timeout', '5', '--draft', 'chat:https://h');
  check('--server-timeout', '5', '--judge', 'judge:https://h');
  check('--server-timeout', '5', '--reward', 'vllm:http://h');
  check('--reward-key-env', 'KEY', '--judge', 'judge:https://h');
  for (const [flag, value] of [
    ['--tokenizer', 't.json'],
    ['--server-timeout', '5'],
    ['--base-key-env', 'KEY'],
    ['--draft-key-env', 'KEY'],
    ['--aligner-key-env', 'KEY'],
    ['--reward-key-env', 'KEY'],
  ] as const) {
    const says = `${flag} is for a model on a server, and there is none: leave it out.`;
    assert.throws(
      () => check(flag, value, '--reward', './reward.gguf'),
      (error) => error instanceof ConfigError && error.spelled(flagOf) === says,
    );
  }
});
