import { rm, stat } from 'node:fs/promises';
import { ConfigError } from '../core/errors.ts';
import { type LocateModelOptions, wantedFile } from './locate-model.ts';
import { parseModelReference } from './model-reference.ts';
import { acquirePullLock } from './pull-lock.ts';
import { removeLeftovers } from './remove-leftovers.ts';
import { withStorageErrors } from './storage-error.ts';

/** A model that was removed from the cache. */
export interface RemovedModel {
  readonly path: string;
  /** Of its file; 0 where only a broken download was there. */
  readonly sizeBytes: number;
}

/**
 * Removes a model's file from the cache, and what broken downloads of it left. A process that has the model loaded keeps it
 * until it ends. Waits for a process that downloads it.
 *
 * @param reference a catalogue name or `hf:owner/repo/file.gguf`
 * @returns undefined when there was nothing to remove
 * @throws ConfigError for a local file, which is not the cache's to remove; DownloadError where the cache can't be written
 */
export async function removeModel(
  reference: string,
  { cacheDirectory, signal }: LocateModelOptions & { readonly signal?: AbortSignal } = {},
): Promise<RemovedModel | undefined> {
  if (parseModelReference(reference).kind === 'local') {
    throw new ConfigError(
      'not-in-cache',
      `${reference} is a file of yours, not one of the cache: remove it as any other file.`,
    );
  }
  const { path } = wantedFile(reference, cacheDirectory);
  const sizes = await Promise.all([path, `${path}.partial`].map((file) => sizeOf(file)));
  if (sizes.every((size) => size === undefined)) return undefined;
  const unlock = await acquirePullLock(path, { ...(signal && { signal }) });
  try {
    await withStorageErrors(path, undefined, () => rm(path, { force: true }));
    await removeLeftovers(path);
  } finally {
    await unlock();
  }
  return { path, sizeBytes: sizes[0] ?? 0 };
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
