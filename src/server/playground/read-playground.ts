import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import type { PlaygroundFiles } from './playground-files.ts';

/** In the package, and in a working copy, where it was built. */
const FOLDERS = ['../../playground', '../../../dist/playground'].map((folder) => join(import.meta.dirname, folder));

/** @throws ConfigError in a working copy where it was not built */
export async function readPlayground(): Promise<PlaygroundFiles> {
  const folder = FOLDERS.find((path) => existsSync(join(path, 'assets')));
  if (folder === undefined)
    throw new ConfigError(
      'no-playground',
      'The playground is not built in this working copy: run npm run build:playground.',
    );
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(
    async (path) => [relative(folder, path).split(sep).join('/'), new Uint8Array(await readFile(path))] as const,
  );
  return new Map(await Promise.all(files));
}
