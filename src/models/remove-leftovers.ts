import { rm } from 'node:fs/promises';
import { removePartialFile } from './partial-file.ts';
import { pipFolder } from './pypi/pull-from-pypi.ts';

/** Removes what broken downloads of a file left beside it, from whichever source. Best effort. */
export async function removeLeftovers(target: string): Promise<void> {
  await removePartialFile(`${target}.partial`).catch(() => undefined);
  await rm(pipFolder(target), { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
}
