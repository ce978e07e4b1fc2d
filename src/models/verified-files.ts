import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { RememberedTrials } from './remembered-trials.ts';

/**
 * The files of one cache whose hash was right, by name, hash, size, and second of change: not by folder and fraction of a
 * second, which a cache that is copied may lose.
 */
export class VerifiedFiles {
  readonly #trials: RememberedTrials;

  constructor(cache: string) {
    this.#trials = new RememberedTrials(join(cache, 'verified-files'));
  }

  async has(path: string, sha256: string): Promise<boolean> {
    return this.#trials.has(await identityOf(path, sha256));
  }

  async add(path: string, sha256: string): Promise<void> {
    await this.#trials.add(await identityOf(path, sha256));
  }
}

async function identityOf(path: string, sha256: string): Promise<unknown[]> {
  const { size, mtimeMs } = await stat(path);
  return [basename(path), sha256, size, Math.floor(mtimeMs / 1000)];
}
