import { dirname, resolve } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import type { ConfigFile } from './config-file.ts';
import { configPaths } from './config-paths.ts';

/** Settings that name a module. */
const OPTIONS = { criterionModule: '--criterion-module', strategyModule: '--strategy-module' } as const;

/**
 * Where a module is that the config file names. It is run, so the config file of a folder that one happens to be in may
 * not name it.
 *
 * @throws ConfigError
 */
export function configModule({ path }: ConfigFile, key: keyof typeof OPTIONS, module: string): string {
  if (path === undefined) return module;
  if (!process.env.WELLBEGUN_CONFIG && path === configPaths()[0]) {
    throw new ConfigError(
      'bad-config',
      `The config file ${path} can't name a ${key}, for it would run in whatever folder you are: give ${OPTIONS[key]}, or put it into ${configPaths()[1]!}.`,
    );
  }
  return resolve(dirname(path), module);
}
