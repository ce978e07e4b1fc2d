import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DownloadError, ModelFileError } from '../core/errors.ts';
import { cacheDirectory } from './cache-directory.ts';
import type { CatalogueModel } from './catalogue.ts';
import { describeFolder } from './describe-folder.ts';
import { locateFile, wantedFile } from './locate-model.ts';
import { acquirePullLock } from './pull-lock.ts';
import { silentProgress, type PullProgress } from './pull-progress.ts';
import { pullFromSources } from './pull-from-sources.ts';
import type { PullTask } from './pull-task.ts';
import { withStorageErrors } from './storage-error.ts';
import type { WantedFile } from './wanted-file.ts';

export interface PullModelOptions {
  progress?: PullProgress | undefined;
  signal?: AbortSignal | undefined;
  /** Default: `cacheDirectory()`. */
  cacheDirectory?: string | undefined;
  /** Default: the process's own. */
  env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Absolute path of a model's file, downloaded if it is not here. Only a file whose size and hash are right gets its name;
 * an interrupted download goes on where it stopped, and a second process waits for the first.
 *
 * @param model a catalogue entry, or what `parseModelReference` reads
 * @throws ConfigError when the reference can't be read.
 * @throws ModelFileError when a local file doesn't exist.
 * @throws DownloadError `download-failed` when no source gives the file, `disk-full`, `cache-not-writable`.
 */
export async function pullModel(model: string | CatalogueModel, options: PullModelOptions = {}): Promise<string> {
  const { progress = silentProgress, signal, env = process.env } = options;
  signal?.throwIfAborted();
  const wanted = wantedFile(model, options.cacheDirectory ?? cacheDirectory(env));
  const found = await locateFile(wanted);
  if (found !== undefined) return found;
  if (wanted.sources.length === 0) throw missingFileError(wanted.path);

  try {
    return await pullLocked(wanted, { progress, signal, env });
  } catch (error) {
    throw whatEnded(error, wanted, signal);
  }
}

async function pullLocked(wanted: WantedFile, options: Pick<PullTask, 'progress' | 'signal' | 'env'>): Promise<string> {
  const folder = dirname(wanted.path);
  await withStorageErrors(folder, undefined, () => mkdir(folder, { recursive: true }));
  const unlock = await acquirePullLock(wanted.path, {
    signal: options.signal,
    onWait: (processId) =>
      options.progress.note(`Waiting for process ${processId}, which downloads ${wanted.model} too.`),
  });
  try {
    return (await locateFile(wanted)) ?? (await pullFromSources(wanted, options));
  } finally {
    await unlock();
  }
}

/** Of an abort and what it broke, the abort is the news. */
function whatEnded(error: unknown, { model }: WantedFile, signal?: AbortSignal): unknown {
  if (!signal?.aborted || error instanceof DownloadError) return error;
  return signal.reason ?? new DOMException(`The download of ${model} was aborted`, 'AbortError');
}

function missingFileError(path: string): ModelFileError {
  const message =
    describeFolder(path) ??
    `The model file ${path} doesn't exist; for a file on the hub write hf:owner/repo/file.gguf.`;
  return new ModelFileError('model-file-missing', message);
}
