import { homedir } from 'node:os';
import { join } from 'node:path';

/** `~` and `~/path` as the shell would read them; anything else as it is. */
export function expandHome(path: string, home: string = homedir()): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}
