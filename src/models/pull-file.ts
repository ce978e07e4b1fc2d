import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DownloadError } from '../core/errors.ts';
import { assertVerified } from './assert-verified.ts';
import { locateFile } from './locate-model.ts';
import { pullFromSources } from './pull-from-sources.ts';
import { acquirePullLock } from './pull-lock.ts';
import type { PullTask } from './pull-task.ts';
import { withStorageErrors } from './storage-error.ts';
import { VerifiedFiles } from './verified-files.ts';
import type { WantedFile } from './wanted-file.ts';

export interface PullFileOptions extends Pick<PullTask, 'progress' | 'signal' | 'env'> {
  /** wellbegun's cache directory. */
  readonly cache: string;
}

/**
 * Absolute path of a file, downloaded if it is not here; undefined where it is not here and has no source. Only a file whose
 * size and hash are right gets its name; a second process waits for the first.
 *
 * @throws ModelFileError when another file is in its place; DownloadError when no source gives it
 */
export async function pullFile(
  wanted: WantedFile,
  { cache, ...options }: PullFileOptions,
): Promise<string | undefined> {
  const verified = new VerifiedFiles(cache);
  const found = await findVerified(wanted, verified, options);
  if (found !== undefined || wanted.sources.length === 0) return found;
  try {
    return await pullLocked(wanted, verified, options);
  } catch (error) {
    throw whatEnded(error, wanted, options.signal);
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
