import { WellbegunError } from '../core/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether the file system refused for want of room. */
export function isDiskFull(cause: unknown): boolean {
  return FULL.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** What the file system said, as a sentence. Nothing that was finished is lost: the next run goes on from it. */
export function storageError(path: string, cause: unknown): Error {
  if (cause instanceof WellbegunError || (cause as Error).name === 'AbortError') return cause as Error;
  if (isDiskFull(cause)) {
    return new WellbegunError(
      'disk-full',
      `${path} can't be written, its disk is full: free some space and give the same command again, it goes on where it was.`,
      { cause },
    );
  }
  return new WellbegunError(
    'unwritten-file',
    `${path} could not be written (${(cause as Error).message}): mend that and give the same command again, it goes on where it was.`,
    { cause },
  );
}

export async function withStorageErrors<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw storageError(path, cause);
  }
}
