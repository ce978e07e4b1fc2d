import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';

/** What wellbegun keeps in a user's folders. */
export type FolderKind = 'cache' | 'config';

/** By platform: the environment's variable for it, the folder in the home otherwise, and where ours is within. */
const FOLDERS: Readonly<
  Record<'linux' | 'darwin' | 'win32', Readonly<Record<FolderKind, readonly [string, string, string]>>>
> = {
  linux: { cache: ['XDG_CACHE_HOME', '.cache', 'wellbegun'], config: ['XDG_CONFIG_HOME', '.config', 'wellbegun'] },
  darwin: { cache: ['', 'Library/Caches', 'wellbegun'], config: ['', 'Library/Preferences', 'wellbegun'] },
  win32: {
    cache: ['LOCALAPPDATA', 'AppData/Local', 'wellbegun/Cache'],
    config: ['APPDATA', 'AppData/Roaming', 'wellbegun/Config'],
  },
};

/** Where such files belong on this platform; undefined for a user without a home folder. */
export function userFolder(kind: FolderKind, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const platform = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  const [variable, folder, ours] = FOLDERS[platform][kind];
  const named = env[variable];
  if (named) return resolve(named, ours);
  const home = homeFolder();
  return home === undefined ? undefined : join(home, folder, ours);
}

/** The home folder; undefined where neither HOME nor the list of users has one, as in many containers. */
export function homeFolder(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/** @throws ConfigError that says what to name instead, for a user without a home folder */
export function neededFolder(folder: string | undefined, wayOut: string): string {
  if (folder !== undefined) return folder;
  throw new ConfigError('no-home', `This user has no home folder (HOME is not set): ${wayOut}.`);
}
