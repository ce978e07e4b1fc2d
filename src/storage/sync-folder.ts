import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a file's name as lasting as its content; where folders can't be synced (Windows) that is the system's task. */
export async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(dirname(path), 'r');
    await folder.sync();
  } catch {
    return;
  }
}
