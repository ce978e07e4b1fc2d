import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { resolveStrategy, type StrategyChoice } from '../../assembly/notation/strategies/resolve-strategy.ts';
import { usesSetting } from '../../assembly/uses-setting.ts';
import { decodingSettings } from '../../settings/decoding.ts';
import { pairSettings } from '../../settings/model.ts';
import { isGiven } from './is-given.ts';

interface Given {
  readonly strategy?: unknown;
  readonly strategyModule?: unknown;
  readonly compare?: boolean;
}

/**
 * For commands of one strategy. The pair itself may be named for any: who compares strategies changes nothing else.
 *
 * @throws ConfigError for an option of the command line that the strategy does not use
 */
export function assertForStrategy(command: Command): void {
  const { strategy, strategyModule, compare } = command.opts<Given>();
  // What a module uses is known when it has been run.
  if (typeof strategy !== 'string' || (strategyModule !== undefined && !compare)) return;
  assertUsed(command, compare ? 'wsd' : strategy);
}

/** @throws ConfigError for an option of the command line that the strategy does not use */
export function assertUsed(command: Command, chosen: StrategyChoice): void {
  for (const [name, setting] of Object.entries({ ...pairSettings, ...decodingSettings })) {
    if (!isGiven(command, name) || usesSetting(chosen, setting)) continue;
    throw new ConfigError(
      'not-used',
      `The strategy ${resolveStrategy(chosen).name} does not use ${settingName(name)}: leave it out.`,
    );
  }
}
