import { settingName } from '../core/setting-name.ts';
import { access, constants, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { assertWritable } from '../storage/write-json-file.ts';

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
  await assertWritable(output, settingName('output'));
  const stats = await stat(output).catch(() => undefined);
  if (stats && !stats.isFile()) {
    throw new ConfigError('unwritable-file', `${settingName('output')}: ${output} is a device or pipe: name a file.`);
  }
  const path = await behindLinks(output);
  if (path === (await realpath(input))) {
    throw new ConfigError('unwritable-file', `${settingName('output')}: ${output} is the input: name another file.`);
  }
  // Its state and lock lie beside it.
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw new ConfigError(
      'unwritable-file',
      `${settingName('output')}: ${dirname(path)} can't be written: name a file elsewhere.`,
      {
        cause,
      },
    );
  });
  return path;
}

/** The place that a path means, also where a link points to a file that is not there yet. */
async function behindLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const target = await readlink(path).catch(() => undefined);
    if (target !== undefined) return await behindLinks(resolve(dirname(path), target));
    return join(await realpath(dirname(path)), basename(path));
  }
}
