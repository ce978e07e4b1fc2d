import { ConfigError, WellbegunError } from '../core/errors.ts';
import { isDiskFull } from '../storage/storage-error.ts';

/** Why the file system refused. */
export interface WriteFault {
  /** As half a sentence. */
  readonly reason: string;
  readonly isFull: boolean;
}

/**
 * What is written is there whole or not at all, so that nothing goes on where it was: a fault is told in other words than
 * one of a recording.
 *
 * @throws WellbegunError of what `say` makes of a fault of the file system; anything else as it is
 */
export async function withWriteFaults<T>(
  say: (fault: WriteFault) => { readonly code: string; readonly message: string },
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const { name, message: told, syscall } = cause as NodeJS.ErrnoException;
    if (cause instanceof WellbegunError || name === 'AbortError' || syscall === undefined) throw cause;
    const isFull = isDiskFull(cause);
    const { code, message } = say({ reason: isFull ? 'its disk is full' : told, isFull });
    throw new WellbegunError(code, message, { cause });
  }
}

export function outputInUse(path: string, processId: string, kind: 'file' | 'folder'): ConfigError {
  return new ConfigError(
    'output-in-use',
    `Process ${processId} is writing ${path} already: wait for it, or name another ${kind}.`,
  );
}
