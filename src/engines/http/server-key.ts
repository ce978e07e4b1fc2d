import { readFile } from 'node:fs/promises';
import { ConfigError } from '../../core/errors.ts';

/**
 * A server's key, from the environment or a file that it names: `WELLBEGUN_BASE_KEY` or `WELLBEGUN_BASE_KEY_FILE` for
 * the role `BASE`. Never from an option, which every user of the machine could read.
 *
 * @throws ConfigError for a file that can't be read, or a key that no header can hold; it does not repeat the key
 */
export async function serverKey(role: string, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const name = keyVariable(role);
  const path = env[`${name}_FILE`];
  const key = env[name]?.trim() || (path ? await readKey(path, `${name}_FILE`) : undefined);
  if (key === undefined || key === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new ConfigError('bad-key', `The key in ${env[name] ? name : `${name}_FILE`} has characters that no key has.`);
}

/** The variable that holds the key of a role. */
export function keyVariable(role: string): string {
  return `WELLBEGUN_${role}_KEY`;
}

async function readKey(path: string, name: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
    throw new ConfigError('no-key-file', `The key file ${path} that ${name} names can't be read (${code}).`, { cause });
  }
}
