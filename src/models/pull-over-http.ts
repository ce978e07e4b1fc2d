import { dirname } from 'node:path';

import { checkFreeSpace } from './check-free-space.ts';
import { download } from './download.ts';
import { openPartialFile, removePartialFile, type PartialFile } from './partial-file.ts';
import { publishFile } from './publish-file.ts';
import type { PullTask } from './pull-task.ts';
import { SourceFailure } from './source-failure.ts';
import type { ExpectedFile } from './verify-file.ts';

/** Where a file lies, and how its server is asked. */
export interface HttpAccess {
  url: string;
  /** `fetch` drops what authorises when a redirect leaves the origin. */
  headers?: Record<string, string>;
  describeStatus?: (reply: Response) => SourceFailure;
}

/**
 * Downloads by HTTP into `<target>.partial`, which an interrupted pull leaves for the next one.
 *
 * @throws SourceFailure when the server can't give the file; DownloadError from the disk.
 */
export async function pullOverHttp(access: HttpAccess, expected: ExpectedFile, task: PullTask): Promise<void> {
  await task.progress.confirm?.({ model: task.model, totalBytes: expected.sizeBytes });
  task.progress.start({ model: task.model, source: new URL(access.url).host, totalBytes: expected.sizeBytes });
  const firstBytes = await fetchPartial(access, expected, task);
  try {
    await publishFile(partialPath(task), task.target, expected, task.signal);
  } catch (error) {
    if (!(error instanceof SourceFailure) || firstBytes === 0) throw error;
    task.progress.note(`What an earlier download left was damaged (${error.message}): starting over.`);
    await fetchPartial(access, expected, task);
    await publishFile(partialPath(task), task.target, expected, task.signal);
  }
}

const partialPath = ({ target }: PullTask): string => `${target}.partial`;

/** Resolves to the number of bytes that were there before. */
async function fetchPartial(access: HttpAccess, expected: ExpectedFile, task: PullTask): Promise<number> {
  const partial = await openPartialFile(partialPath(task), expected.sizeBytes);
  const firstBytes = partial.sizeBytes;
  try {
    await checkFreeSpace(dirname(task.target), (expected.sizeBytes ?? 0) - firstBytes);
    await downloadInto(partial, access, expected, task);
  } finally {
    await partial.close();
    if (partial.sizeBytes === 0) await removePartialFile(partial.path);
  }
  return firstBytes;
}

function downloadInto(
  partial: PartialFile,
  access: HttpAccess,
  expected: ExpectedFile,
  { progress, signal }: PullTask,
): Promise<void> {
  return download({
    ...access,
    partial,
    sizeBytes: expected.sizeBytes,
    isContentKnown: expected.sha256 !== undefined,
    onBytes: (doneBytes) => progress.advance(doneBytes),
    onRetry: (reason) => progress.note(`Trying again: ${reason}.`),
    signal,
  });
}
