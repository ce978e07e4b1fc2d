import { createHash } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The trials that went well. Each is remembered by an empty file of its own, so that processes can write at once and
 * nothing can be half written.
 */
export class RememberedTrials {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @param identity all that the outcome of the trial depends on */
  has(identity: readonly unknown[]): Promise<boolean> {
    return access(this.#markOf(identity)).then(
      () => true,
      () => false,
    );
  }

  /** Best effort: a cache that can't be written only costs another trial. */
  async add(identity: readonly unknown[]): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFile(this.#markOf(identity), '');
    } catch {
      return;
    }
  }

  #markOf(identity: readonly unknown[]): string {
    return join(this.#directory, createHash('sha256').update(identity.join('|')).digest('hex'));
  }
}
