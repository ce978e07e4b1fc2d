import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { expandHome } from '../../models/expand-home.ts';

/** Where a config file may be: named by WELLBEGUN_CONFIG, else in this folder, else the user's own. */
export function configPaths(env: NodeJS.ProcessEnv = process.env): string[] {
  if (env.WELLBEGUN_CONFIG) return [resolve(expandHome(env.WELLBEGUN_CONFIG))];
  return [resolve('wellbegun.config.json'), join(envPaths('wellbegun', { suffix: '' }).config, 'config.json')];
}
