import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { parseStrategy } from '../../assembly/notation/strategies/parse-strategy.ts';
import { usesSetting } from '../../assembly/uses-setting.ts';
import { decodingSettings } from '../../settings/decoding.ts';
import { pairSettings } from '../../settings/model.ts';
import { isGiven } from './is-given.ts';

/**
 * For commands of one strategy. The pair itself may be named for any: who compares strategies changes nothing else.
 *
 * @throws ConfigError for an option of the command line that the strategy does not use
 */
export function assertForStrategy(command: Command): void {
  const { strategy, compare } = command.opts<{ readonly strategy?: unknown; readonly compare?: boolean }>();
  if (typeof strategy !== 'string') return;
  const chosen = compare ? 'wsd' : strategy;
  for (const [name, setting] of Object.entries({ ...pairSettings, ...decodingSettings })) {
    if (!isGiven(command, name) || usesSetting(chosen, setting)) continue;
    throw new ConfigError(
      'not-used',
      `The strategy ${parseStrategy(chosen).name} does not use ${settingName(name)}: leave it out.`,
    );
  }
}
