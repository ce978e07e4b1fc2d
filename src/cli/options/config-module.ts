import { dirname, resolve } from 'node:path';
import { settingName } from '../../core/setting-name.ts';
import { ConfigError } from '../../core/errors.ts';
import type { ConfigFile } from './config-file.ts';
import { localConfigPath, userConfigPath } from './config-paths.ts';

/**
 * Where a module is that the config file names. It is run, so the config file of a folder that one happens to be in may
 * not name it.
 *
 * @throws ConfigError
 */
export function configModule({ path }: ConfigFile, key: 'criterionModule' | 'strategyModule', module: string): string {
  if (path === undefined) return module;
  if (!process.env.WELLBEGUN_CONFIG && path === localConfigPath()) {
    throw new ConfigError(
      'bad-config',
      `The config file ${path} can't name a ${key}, for it would run in whatever folder you are: give ${settingName(key)}, or put it into ${userConfigPath() ?? 'a file that WELLBEGUN_CONFIG names'}.`,
    );
  }
  return resolve(dirname(path), module);
}
