import type { Option } from 'commander';
import type { CommandValues } from '../commands/command-values.ts';
import type { ConfigFile, PairConfig } from './config-file.ts';
import { decodingOptions, modelOptions } from './shared-options.ts';

/** One named pair in the words of the command line. */
export interface PairValues<V extends CommandValues> {
  readonly name: string;
  readonly values: V;
}

/**
 * The pairs of the config file, or one that is called `default`. What a pair says of itself goes before the command
 * line, which holds for all of them.
 *
 * @throws ConfigError for a value that the command line would refuse as well
 */
export function pairValues<V extends CommandValues>(values: V, config: ConfigFile): PairValues<V>[] {
  const pairs = Object.entries(config.pairs);
  if (pairs.length === 0) return [{ name: 'default', values }];
  return pairs.map(([name, pair]) => ({
    name,
    values: { ...values, ...withoutOther(pair), ...checked(config, pair) },
  }));
}

/** The options as they are after their checks, each under its name. */
function checked(config: ConfigFile, pair: PairConfig): Partial<CommandValues> {
  const own = { ...config, values: pair };
  const given = [...modelOptions(own), ...decodingOptions(own)].filter((option) => option.attributeName() in pair);
  return Object.fromEntries(given.map((option: Option) => [option.attributeName(), option.defaultValue]));
}

/** A pair that speaks of γ or w has no criterion of the command line, and the other way round. */
function withoutOther(pair: PairConfig) {
  if (pair['criterion'] !== undefined) return { gamma: undefined, window: undefined };
  if (pair['gamma'] !== undefined || pair['window'] !== undefined) return { criterion: undefined };
  return {};
}
