import { join } from 'node:path';
import { homeFolder, neededFolder } from './user-folder.ts';

/**
 * `~` and `~/path` as the shell would read them; anything else as it is.
 *
 * @throws ConfigError for `~` of a user without a home folder
 */
export function expandHome(path: string, home: string | undefined = homeFolder()): string {
  if (path !== '~' && !path.startsWith('~/')) return path;
  return join(neededFolder(home, `write ${path} without ~`), path.slice(1));
}
