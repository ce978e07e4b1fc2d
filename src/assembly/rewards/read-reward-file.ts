import { settingName } from '../../core/setting-name.ts';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../../core/errors.ts';

/** A text file that a reward model's reference names. @throws ConfigError */
export async function readRewardFile(path: string, option: 'template' | 'rubric'): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new ConfigError(
      'unreadable-file',
      `${settingName('reward')}: the ${option} ${path} can't be read (${reason}).`,
      { cause },
    );
  }
}
