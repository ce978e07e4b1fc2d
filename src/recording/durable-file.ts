import { open } from 'node:fs/promises';
import { storageError, withStorageErrors } from '../storage/storage-error.ts';
import { syncFolder } from '../storage/sync-folder.ts';

/** The part of `FileHandle` that is used, so that a test can stand in for a full disk. */
export interface AppendHandle {
  appendFile(text: string): Promise<void>;
  datasync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * A file that only grows, by whole lines. Lines that finish while others are being written share the next write
 * and its fsync.
 */
export class DurableFile {
  readonly #path: string;
  readonly #handle: AppendHandle;
  #sizeBytes: number;
  #waiting: Waiting[] = [];
  #isWriting = false;
  /** A part of a line may lie behind the whole ones. */
  #isTorn = false;

  /**
   * @param sizeBytes as much of the file is whole lines; what lies behind, an interruption's rest, is cut off
   * @throws WellbegunError `disk-full` or `unwritten-file`, here and from every method
   */
  static async open(path: string, sizeBytes: number): Promise<DurableFile> {
    return await withStorageErrors(path, async () => {
      const handle = await open(path, 'a');
      await handle.truncate(sizeBytes);
      await handle.datasync();
      await syncFolder(path);
      return new DurableFile(path, handle, sizeBytes);
    });
  }

  constructor(path: string, handle: AppendHandle, sizeBytes: number) {
    this.#path = path;
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
  }

  /** Resolves once the line is on the disk, not only in its cache. */
  append(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  /** To be called once nothing is appended any more. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Never rejects: what goes wrong is told to those who wait. */
  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      try {
        await this.#put(group.map(({ text }) => text).join(''));
        for (const { resolve } of group) resolve();
      } catch (cause) {
        const error = storageError(this.#path, cause);
        for (const { reject } of group) reject(error);
      }
    }
    this.#isWriting = false;
  }

  async #put(text: string): Promise<void> {
    if (this.#isTorn) await this.#mend();
    try {
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
      this.#sizeBytes += Buffer.byteLength(text);
    } catch (error) {
      this.#isTorn = true;
      // If that can't be done now, it is before the next line, or by the next run.
      await this.#mend().catch(() => undefined);
      throw error;
    }
  }

  /** Cuts off the part of a line that may have found room. */
  async #mend(): Promise<void> {
    await this.#handle.truncate(this.#sizeBytes);
    this.#isTorn = false;
  }
}
