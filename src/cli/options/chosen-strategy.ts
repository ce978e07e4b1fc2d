import { settingName } from '../../core/setting-name.ts';
import type { Command } from 'commander';
import type { StrategyChoice } from '../../assembly/create-strategy.ts';
import { loadStrategyModule } from '../../assembly/notation/strategies/load-strategy-module.ts';
import { ConfigError } from '../../core/errors.ts';
import type { ConfigFile } from './config-file.ts';
import { configModule } from './config-module.ts';
import { assertUsed } from './assert-for-strategy.ts';
import { PLACES, placeOf } from './place-of.ts';

/**
 * The strategy by its text, or the decoder of a module, whichever was said in the nearer place.
 *
 * @throws ConfigError for both in one place, for a module that is none, and for options of a switch beside a module
 */
export async function chosenStrategy(
  command: Command,
  config: ConfigFile,
): Promise<{ readonly strategy: StrategyChoice }> {
  const { strategy, strategyModule } = command.opts<{ readonly strategy: string; readonly strategyModule?: string }>();
  const [place, other] = [placeOf(command, config, 'strategyModule'), placeOf(command, config, 'strategy')];
  if (strategyModule === undefined || PLACES.indexOf(place) < PLACES.indexOf(other)) return { strategy };
  if (place === other) {
    throw new ConfigError(
      'two-strategies',
      `${settingName('strategy')} and ${settingName('strategyModule')} can't be given together: choose one.`,
    );
  }
  const path = place === 'config file' ? configModule(config, 'strategyModule', strategyModule) : strategyModule;
  const decoder = await loadStrategyModule(path);
  assertUsed(command, decoder);
  return { strategy: decoder };
}
