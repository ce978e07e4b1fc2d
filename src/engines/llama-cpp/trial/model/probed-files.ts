import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheDirectory } from '../../../../models/cache-directory.ts';
import { RememberedTrials } from '../../../../models/remembered-trials.ts';

/** The files that a trial load went well with, by path, size, time of change and library version. */
export class ProbedFiles {
  readonly #trials: RememberedTrials;
  readonly #version: string;

  constructor(libraryVersion: string, directory = join(cacheDirectory(), 'probed-files')) {
    this.#version = libraryVersion;
    this.#trials = new RememberedTrials(directory);
  }

  async has(path: string): Promise<boolean> {
    return this.#trials.has(await this.#identityOf(path));
  }

  async add(path: string): Promise<void> {
    await this.#trials.add(await this.#identityOf(path));
  }

  async #identityOf(path: string): Promise<unknown[]> {
    const { size, mtimeMs } = await stat(path);
    return [this.#version, resolve(path), size, mtimeMs];
  }
}
