import { ConfigError } from '../core/errors.ts';
import { acquireLock } from '../storage/lock.ts';
import { withStorageErrors } from '../storage/storage-error.ts';

/** How sentences speak of a recording. */
export interface RecordingWords {
  /** The command that writes it, such as `batch`. */
  readonly writer: string;
  /** The way out to another place, such as `name another file with --output`. */
  readonly elsewhere: string;
  /** Told why nothing happens for a while. */
  readonly notice?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Until what it resolves to is called, no other process writes this file.
 *
 * @throws ConfigError while another one does; AbortError
 */
export async function lockRecording(path: string, words: RecordingWords): Promise<() => Promise<void>> {
  const { writer, elsewhere, notice, signal } = words;
  return await withStorageErrors(path, () =>
    acquireLock(path, {
      signal,
      onWait: ({ processId, host }) =>
        notice?.(
          `Process ${processId} on ${host} left ${path}.lock and seems gone: waiting half a minute for a sign of life.`,
        ),
      refuse: ({ processId, host }) =>
        new ConfigError(
          'output-in-use',
          `Process ${processId} is writing ${path} already: wait for it, or ${elsewhere} (if that process, on ${host}, is no ${writer}, remove the folder ${path}.lock).`,
        ),
    }),
  );
}
