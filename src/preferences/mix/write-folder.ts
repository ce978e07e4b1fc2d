import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, WellbegunError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { acquireLock } from '../../storage/lock.ts';
import { isDiskFull } from '../../storage/storage-error.ts';
import { syncFolder } from '../../storage/sync-folder.ts';
import { writeJsonFile } from '../../storage/write-json-file.ts';

/**
 * Makes a folder that is there whole or not at all, with `manifest.json` of what was made.
 *
 * @param work writes the other files into the folder that it is given
 * @throws ConfigError for a folder that holds something, or can't be made; WellbegunError for a full disk
 */
export async function writeFolder<T>(output: string, work: (folder: string) => Promise<T>): Promise<T> {
  const target = resolve(output);
  await assertEmpty(target);
  const unlock = await orSay(output, () =>
    acquireLock(target, { refuse: ({ processId }) => inUse(output, processId) }),
  );
  const partial = `${target}.partial`;
  try {
    return await orSay(output, async () => {
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial);
      const made = await work(partial);
      await writeJsonFile(join(partial, 'manifest.json'), made, settingName('output'));
      await syncFolder(join(partial, 'manifest.json'));
      await rmdir(target).catch(() => undefined);
      await rename(partial, target);
      await syncFolder(target);
      return made;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
    await unlock();
  }
}

async function assertEmpty(target: string): Promise<void> {
  try {
    if ((await readdir(target)).length === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new ConfigError(
      'unwritable-folder',
      `${settingName('output')}: ${target} is no folder: name one that is not there yet.`,
    );
  }
  throw new ConfigError(
    'folder-in-use',
    `${settingName('output')}: the folder ${target} holds something already: name one that is not there yet, or remove it.`,
  );
}

function inUse(output: string, processId: string): ConfigError {
  return new ConfigError(
    'output-in-use',
    `Process ${processId} is writing ${output} already: wait for it, or name another folder.`,
  );
}

async function orSay<T>(output: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const { name, message, syscall } = cause as NodeJS.ErrnoException;
    if (cause instanceof WellbegunError || name === 'AbortError' || syscall === undefined) throw cause;
    const reason = isDiskFull(cause) ? 'its disk is full' : message;
    throw new WellbegunError(
      'unwritten-file',
      `${output} could not be made (${reason}), and nothing of it is left: mend that, or name another folder.`,
      {
        cause,
      },
    );
  }
}
