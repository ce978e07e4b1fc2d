import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheDirectory } from '../../../../models/cache-directory.ts';
import { RememberedTrials } from '../../../../models/remembered-trials.ts';

/** The files that a trial load went well with, a model alone or with its adapter, by path, size, time of change and library version. */
export class ProbedFiles {
  readonly #trials: RememberedTrials;
  readonly #version: string;

  constructor(libraryVersion: string, directory = join(cacheDirectory(), 'probed-files')) {
    this.#version = libraryVersion;
    this.#trials = new RememberedTrials(directory);
  }

  async has(...paths: readonly string[]): Promise<boolean> {
    return this.#trials.has(await this.#identityOf(paths));
  }

  async add(...paths: readonly string[]): Promise<void> {
    await this.#trials.add(await this.#identityOf(paths));
  }

  async #identityOf(paths: readonly string[]): Promise<unknown[]> {
    const identity: unknown[] = [this.#version];
    for (const path of paths) {
      const { size, mtimeMs } = await stat(path);
      identity.push(resolve(path), size, mtimeMs);
    }
    return identity;
  }
}
