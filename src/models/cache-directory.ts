import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import envPaths from 'env-paths';

import { expandHome } from './expand-home.ts';

/** Absolute path of wellbegun's cache: `WELLBEGUN_CACHE`, or the user's cache directory (XDG and its equals). */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['WELLBEGUN_CACHE']?.trim();
  return named ? resolve(expandHome(named, homedir())) : envPaths('wellbegun', { suffix: '' }).cache;
}

export function modelsDirectory(cache: string = cacheDirectory()): string {
  return join(cache, 'models');
}
