import { createHash } from 'node:crypto';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheDirectory } from '../../models/cache-directory.ts';

/**
 * The files that a trial load went well with, by path, size, time of change and library version. Each is remembered by
 * an empty file of its own, so that processes can write at once and nothing can be half written.
 */
export class ProbedFiles {
  readonly #directory: string;
  readonly #version: string;

  constructor(libraryVersion: string, directory = join(cacheDirectory(), 'probed-files')) {
    this.#version = libraryVersion;
    this.#directory = directory;
  }

  async has(path: string): Promise<boolean> {
    const mark = await this.#markOf(path);
    return access(mark).then(
      () => true,
      () => false,
    );
  }

  /** Best effort: a cache that can't be written only costs another trial. */
  async add(path: string): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFile(await this.#markOf(path), '');
    } catch {
      return;
    }
  }

  async #markOf(path: string): Promise<string> {
    const { size, mtimeMs } = await stat(path);
    const identity = [this.#version, resolve(path), size, mtimeMs].join('|');
    return join(this.#directory, createHash('sha256').update(identity).digest('hex'));
  }
}
