import { dirname } from 'node:path';
import { acquireLock } from '../storage/lock.ts';
import { withStorageErrors } from './storage-error.ts';

export interface PullLockOptions {
  /** Called once, with the other's process id, when somebody else pulls the same file. */
  onWait?: (processId: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until this process alone may write a file of the cache; what it resolves to lets the next one in.
 *
 * @throws DownloadError where the cache can't be written; AbortError
 */
export async function acquirePullLock(
  target: string,
  { onWait, signal }: PullLockOptions = {},
): Promise<() => Promise<void>> {
  return await withStorageErrors(dirname(target), undefined, () =>
    acquireLock(target, { signal, onWait: ({ processId }) => onWait?.(processId) }),
  );
}
