import { join, resolve } from 'node:path';
import { expandHome } from './expand-home.ts';
import { neededFolder, userFolder } from './user-folder.ts';

/**
 * Absolute path of wellbegun's cache: `WELLBEGUN_CACHE`, or the user's cache directory (XDG and its equals).
 *
 * @throws ConfigError where neither is to be had
 */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['WELLBEGUN_CACHE']?.trim();
  if (named) return resolve(expandHome(named));
  return neededFolder(userFolder('cache', env), 'name a folder for models with WELLBEGUN_CACHE');
}

export function modelsDirectory(cache: string = cacheDirectory()): string {
  return join(cache, 'models');
}
