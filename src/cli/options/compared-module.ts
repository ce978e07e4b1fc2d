import type { Command } from 'commander';
import { loadStrategyModule } from '../../assembly/notation/strategies/load-strategy-module.ts';
import type { Decoder } from '../../core/kit/decoder.ts';
import type { ConfigFile } from './config-file.ts';
import { configModule } from './config-module.ts';
import { placeOf } from './place-of.ts';

/**
 * The decoder of `--strategy-module`, which is compared with the others; none where no module is named.
 *
 * @throws ConfigError for a module that is none
 */
export async function comparedModule(command: Command, config: ConfigFile): Promise<Decoder[]> {
  const { strategyModule: path } = command.opts<{ readonly strategyModule?: string }>();
  if (path === undefined) return [];
  const isConfigured = placeOf(command, config, 'strategyModule') === 'config file';
  return [await loadStrategyModule(isConfigured ? configModule(config, 'strategyModule', path) : path)];
}
