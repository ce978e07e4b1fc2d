import { createHash } from 'node:crypto';
import { type FileHandle, stat } from 'node:fs/promises';
import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import { acquireLock } from '../storage/lock.ts';
import { replaceFile } from '../storage/replace-file.ts';
import { assertWritable } from '../storage/write-json-file.ts';
import { outputInUse, withWriteFaults, type WriteFault } from './write-faults.ts';

const BUFFER_BYTES = 1024 * 1024;

/** A file as it was written. */
export interface WrittenFile {
  readonly bytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

export interface OutputFile {
  /** A line with its end. */
  write(line: string | Uint8Array): Promise<void>;
}

/**
 * Writes a file of lines that is there whole or not at all: an interruption, a fault or a full disk leaves what was there before.
 *
 * @param inputs files that are read meanwhile, none of which it may be
 * @param setting that names the file, for messages
 * @throws ConfigError where it can't be written, is one of the inputs, or is being written; WellbegunError for a full disk
 */
export async function writeLines<T>(
  path: string,
  { setting, inputs }: { readonly setting: string; readonly inputs: readonly string[] },
  write: (file: OutputFile) => Promise<T>,
): Promise<{ readonly outcome: T; readonly file: WrittenFile }> {
  await assertOutput(path, setting, inputs);
  const say = unwritten(path);
  const refuse = ({ processId }: { readonly processId: string }) => outputInUse(path, processId, 'file');
  const unlock = await withWriteFaults(say, () => acquireLock(path, { refuse }));
  try {
    return await withWriteFaults(say, () => replaceFile(path, (handle) => buffered(handle, write)));
  } finally {
    await unlock();
  }
}

async function buffered<T>(handle: FileHandle, write: (file: OutputFile) => Promise<T>) {
  const hash = createHash('sha256');
  const room = Buffer.allocUnsafe(BUFFER_BYTES);
  let used = 0;
  let bytes = 0;
  const put = async (piece: Uint8Array) => {
    hash.update(piece);
    bytes += piece.length;
    await handle.writeFile(piece);
  };
  const flush = async () => {
    await put(room.subarray(0, used));
    used = 0;
  };
  const outcome = await write({
    async write(line) {
      const length = typeof line === 'string' ? Buffer.byteLength(line) : line.length;
      if (used + length > BUFFER_BYTES) await flush();
      if (length > BUFFER_BYTES) return await put(Buffer.from(line));
      if (typeof line === 'string') room.write(line, used);
      else room.set(line, used);
      used += length;
    },
  });
  await flush();
  return { outcome, file: { bytes, sha256: hash.digest('hex') } };
}

/** To be asked before the work whose result it will hold. @throws ConfigError as `writeLines` does */
export async function assertOutput(path: string, setting: string, inputs: readonly string[]): Promise<void> {
  const option = settingName(setting);
  await assertWritable(path, option);
  const output = await stat(path).catch(() => undefined);
  if (!output) return;
  if (!output.isFile())
    throw new ConfigError('unwritable-file', `${option}: ${path} is no file that can be replaced: name another one.`);
  for (const input of inputs) {
    const { dev, ino } = await stat(input).catch(() => ({ dev: undefined, ino: undefined }));
    if (dev !== output.dev || ino !== output.ino) continue;
    throw new ConfigError('output-is-input', `${option}: ${path} is the input ${input} itself: name another file.`);
  }
}

function unwritten(path: string) {
  return ({ reason, isFull }: WriteFault) => ({
    code: isFull ? 'disk-full' : 'unwritten-file',
    message: `${path} could not be written (${reason}), and what was there before is unchanged: mend that, or name another file.`,
  });
}
