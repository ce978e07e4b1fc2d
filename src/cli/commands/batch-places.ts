import { access, constants, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { acquirePullLock } from '../../models/pull-lock.ts';
import { assertWritable } from '../output/write-json-file.ts';

/** @throws ConfigError for what is no file: the input is read once to be counted, and once to be answered */
export async function assertInput(path: string): Promise<void> {
  if (path === '') throw new ConfigError('unreadable-file', "The input can't be empty: name a file of JSON lines.");
  const stats = await stat(path).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new ConfigError('unreadable-file', `The input ${path} can't be read (${reason}): name a file of JSON lines.`);
  });
  if (!stats.isFile()) {
    throw new ConfigError(
      'unreadable-file',
      `The input ${path} is not a file: batch reads it twice, so save it first.`,
    );
  }
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new ConfigError('unreadable-file', `The input ${path} can't be read: change its permissions.`, { cause });
  });
}

/**
 * The output's own path, behind links.
 *
 * @throws ConfigError where no batch can be written
 */
export async function outputPath(output: string, input: string): Promise<string> {
  await assertWritable(output, '--output');
  const stats = await stat(output).catch(() => undefined);
  if (stats && !stats.isFile()) {
    throw new ConfigError('unwritable-file', `--output: ${output} is a device or pipe: name a file.`);
  }
  const path = stats ? await realpath(output) : join(await realpath(dirname(output)), basename(output));
  if (path === (await realpath(input))) {
    throw new ConfigError('unwritable-file', `--output: ${output} is the input: name another file.`);
  }
  // Its state and lock lie beside it.
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw new ConfigError('unwritable-file', `--output: ${dirname(path)} can't be written: name a file elsewhere.`, {
      cause,
    });
  });
  return path;
}

/**
 * Until what it resolves to is called, no other batch writes this output.
 *
 * @throws ConfigError while another one does
 */
export async function lockOutput(path: string): Promise<() => Promise<void>> {
  return await acquirePullLock(path, {
    takesOneLock: true,
    onWait(processId) {
      throw new ConfigError(
        'output-in-use',
        `Process ${processId} is writing ${path} already: wait for it, or name another file with --output (if that process is no batch, remove ${path}.lock).`,
      );
    },
  });
}
