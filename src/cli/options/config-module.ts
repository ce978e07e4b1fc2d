import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { settingName } from '../../core/setting-name.ts';
import { ConfigError } from '../../core/errors.ts';
import type { ConfigFile } from './config-file.ts';
import { localConfigPath, userConfigPath } from './config-paths.ts';
import { placeOf } from './place-of.ts';

const MODULES = ['criterionModule', 'strategyModule'] as const;

/**
 * Where a module is that the config file names. It is run, so the config file of a folder that one happens to be in may
 * not name it.
 *
 * @throws ConfigError
 */
export function configModule({ path }: ConfigFile, key: (typeof MODULES)[number], module: string): string {
  if (path === undefined) return module;
  if (!process.env.WELLBEGUN_CONFIG && path === localConfigPath()) {
    throw new ConfigError(
      'bad-config',
      `The config file ${path} can't name a ${key}, for it would run in whatever folder you are: give ${settingName(key)}, or put it into ${userConfigPath() ?? 'a file that WELLBEGUN_CONFIG names'}.`,
    );
  }
  return besides(path, module);
}

/** The modules that the config file names, each where it is: what a recording is tied to. */
export function configuredModules(command: Command, config: ConfigFile): Readonly<Record<string, string>> {
  const named = command.opts<Record<string, string>>();
  const configured = MODULES.filter(
    (key) => placeOf(command, config, key) === 'config file' && named[key] !== undefined,
  );
  return Object.fromEntries(configured.map((key) => [key, besides(config.path, named[key]!)]));
}

function besides(configPath: string | undefined, module: string): string {
  return configPath === undefined ? module : resolve(dirname(configPath), module);
}
