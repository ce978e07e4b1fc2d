import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { acquireLock } from '../../storage/lock.ts';
import { syncFolder } from '../../storage/sync-folder.ts';
import { writeJsonFile } from '../../storage/write-json-file.ts';
import { outputInUse, withWriteFaults, type WriteFault } from '../write-faults.ts';

/**
 * Makes a folder that is there whole or not at all, with `manifest.json` of what was made.
 *
 * @param work writes the other files into the folder that it is given
 * @throws ConfigError for a folder that holds something, or can't be made; WellbegunError for a full disk
 */
export async function writeFolder<T>(output: string, work: (folder: string) => Promise<T>): Promise<T> {
  const target = resolve(output);
  await assertEmpty(target);
  const say = unmade(output);
  const refuse = ({ processId }: { readonly processId: string }) => outputInUse(output, processId, 'folder');
  const unlock = await withWriteFaults(say, () => acquireLock(target, { refuse }));
  const partial = `${target}.partial`;
  try {
    return await withWriteFaults(say, async () => {
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

function unmade(output: string) {
  return ({ reason }: WriteFault) => ({
    code: 'unwritten-file',
    message: `${output} could not be made (${reason}), and nothing of it is left: mend that, or name another folder.`,
  });
}
