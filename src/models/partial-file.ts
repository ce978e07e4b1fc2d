import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { withStorageErrors } from './storage-error.ts';

/** A download that is under way, kept beside its final name until it is whole. */
export interface PartialFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** The strong ETag of the reply that the bytes came from. */
  readonly etag: string | undefined;
  append(bytes: Uint8Array): Promise<void>;
  /** Drops every byte. */
  restart(etag?: string): Promise<void>;
  /** Bytes are on the disk, not only in its cache, when this resolves. */
  close(): Promise<void>;
}

/** The part of `FileHandle` that is used, so that a test can stand in for a full disk. */
export interface WritableHandle {
  stat(): Promise<{ size: number }>;
  truncate(length: number): Promise<void>;
  appendFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type OpenHandle = (path: string) => Promise<WritableHandle>;

const openToAppend: OpenHandle = (path) => open(path, 'a');
const etagPath = (path: string): string => `${path}.etag`;

/**
 * Opens or makes `path`.
 *
 * @param totalBytes size of the whole file, for the sentence about a full disk
 * @throws DownloadError `disk-full` or `cache-not-writable`, here and from every method
 */
export async function openPartialFile(
  path: string,
  totalBytes?: number,
  openHandle: OpenHandle = openToAppend,
): Promise<PartialFile> {
  let sizeBytes = 0;
  const guard = <T>(action: () => Promise<T>): Promise<T> =>
    withStorageErrors(dirname(path), totalBytes === undefined ? undefined : totalBytes - sizeBytes, action);
  const handle = await guard(() => openHandle(path));
  sizeBytes = (await guard(() => handle.stat())).size;
  let etag = sizeBytes > 0 ? await readFile(etagPath(path), 'utf8').catch(() => undefined) : undefined;

  return {
    path,
    get sizeBytes() {
      return sizeBytes;
    },
    get etag() {
      return etag;
    },
    async append(bytes) {
      await guard(() => handle.appendFile(bytes));
      sizeBytes += bytes.length;
    },
    async restart(newEtag) {
      await guard(() => handle.truncate(0));
      sizeBytes = 0;
      etag = newEtag;
      await guard(() => (etag === undefined ? rm(etagPath(path), { force: true }) : writeFile(etagPath(path), etag)));
    },
    async close() {
      await guard(() => handle.sync()).finally(() => handle.close());
    },
  };
}

export async function removePartialFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(etagPath(path), { force: true });
}
