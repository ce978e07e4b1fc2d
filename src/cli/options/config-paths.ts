import { join, resolve } from 'node:path';
import { expandHome } from '../../models/expand-home.ts';
import { userFolder } from '../../models/user-folder.ts';

/** Where a config file may be: named by WELLBEGUN_CONFIG, else in this folder, else the user's own. */
export function configPaths(env: NodeJS.ProcessEnv = process.env): string[] {
  if (env.WELLBEGUN_CONFIG) return [resolve(expandHome(env.WELLBEGUN_CONFIG))];
  return [localConfigPath(), userConfigPath(env)].filter((path) => path !== undefined);
}

/** Of the folder that one is in; undefined where it was deleted under the shell that stands in it. */
export function localConfigPath(): string | undefined {
  try {
    return join(process.cwd(), 'wellbegun.config.json');
  } catch {
    return undefined;
  }
}

/** Undefined for a user without a home folder. */
export function userConfigPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = userFolder('config', env);
  return folder === undefined ? undefined : join(folder, 'config.json');
}
