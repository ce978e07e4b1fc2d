import { readFile } from 'node:fs/promises';
import { expandHome } from '../../models/expand-home.ts';
import { ConfigError } from '../../core/errors.ts';

/**
 * A server's key, from an environment variable, or from the file that the variable with `_FILE` after its name tells.
 * Never from an option, which every user of the machine could read.
 *
 * @param name such as `WELLBEGUN_BASE_KEY`
 * @throws ConfigError for a file that can't be read, or a key that no header can hold; it does not repeat the key
 */
export async function serverKey(name: string, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const path = env[`${name}_FILE`];
  const key = env[name]?.trim() || (path ? await readKey(path, `${name}_FILE`) : undefined);
  if (key === undefined || key === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new ConfigError('bad-key', `The key in ${env[name] ? name : `${name}_FILE`} has characters that no key has.`);
}

/** Whether a key is set under this name. */
export function hasServerKey(name: string, env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(env[name]?.trim() || env[`${name}_FILE`]);
}

/** Whose servers have keys. */
export const KEYED_ROLES = ['base', 'draft', 'aligner', 'reward'] as const;
export type KeyedRole = (typeof KEYED_ROLES)[number];

/** The variable that holds the key of a role where the user names no other. */
export function keyVariable(role: KeyedRole): string {
  return `WELLBEGUN_${role.toUpperCase()}_KEY`;
}

async function readKey(path: string, name: string): Promise<string> {
  try {
    return (await readFile(expandHome(path), 'utf8')).trim();
  } catch (cause) {
    const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
    throw new ConfigError('no-key-file', `The key file ${path} that ${name} names can't be read (${code}).`, { cause });
  }
}
