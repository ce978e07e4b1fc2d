import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DownloadError, ModelFileError } from '../core/errors.ts';
import { assertVerified } from './assert-verified.ts';
import { cacheDirectory } from './cache-directory.ts';
import type { CatalogueModel } from './catalogue.ts';
import { describeFolder } from './describe-folder.ts';
import { locateFile, wantedFile } from './locate-model.ts';
import { acquirePullLock } from './pull-lock.ts';
import { silentProgress, type PullProgress } from './pull-progress.ts';
import { pullFromSources } from './pull-from-sources.ts';
import type { PullTask } from './pull-task.ts';
import { withStorageErrors } from './storage-error.ts';
import { VerifiedFiles } from './verified-files.ts';
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
 * an interrupted download goes on where it stopped, and a second process waits for the first. A file that is here already is
 * hashed once where its hash is known.
 *
 * @param model a catalogue entry, or what `parseModelReference` reads
 * @throws ConfigError when the reference can't be read.
 * @throws ModelFileError when a local file doesn't exist, or a file that is here is not the catalogue's.
 * @throws DownloadError `download-failed` when no source gives the file, `disk-full`, `cache-not-writable`.
 */
export async function pullModel(model: string | CatalogueModel, options: PullModelOptions = {}): Promise<string> {
  const { progress = silentProgress, signal, env = process.env } = options;
  signal?.throwIfAborted();
  const cache = options.cacheDirectory ?? cacheDirectory(env);
  const wanted = wantedFile(model, cache);
  const verified = new VerifiedFiles(cache);
  const found = await findVerified(wanted, verified, { progress, signal });
  if (found !== undefined) return found;
  if (wanted.sources.length === 0) throw missingFileError(wanted.path);

  try {
    return await pullLocked(wanted, verified, { progress, signal, env });
  } catch (error) {
    throw whatEnded(error, wanted, signal);
  }
}

async function findVerified(
  wanted: WantedFile,
  verified: VerifiedFiles,
  options: Pick<PullTask, 'progress' | 'signal'>,
): Promise<string | undefined> {
  const found = await locateFile(wanted);
  if (found !== undefined) await assertVerified(wanted, verified, options);
  return found;
}

async function pullLocked(
  wanted: WantedFile,
  verified: VerifiedFiles,
  options: Pick<PullTask, 'progress' | 'signal' | 'env'>,
): Promise<string> {
  const folder = dirname(wanted.path);
  await withStorageErrors(folder, undefined, () => mkdir(folder, { recursive: true }));
  const unlock = await acquirePullLock(wanted.path, {
    signal: options.signal,
    onWait: (processId) =>
      options.progress.note(`Waiting for process ${processId}, which downloads ${wanted.model} too.`),
  });
  try {
    const found = await findVerified(wanted, verified, options);
    if (found !== undefined) return found;
    const pulled = await pullFromSources(wanted, options);
    if (wanted.expected.sha256 !== undefined) await verified.add(pulled, wanted.expected.sha256);
    return pulled;
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
