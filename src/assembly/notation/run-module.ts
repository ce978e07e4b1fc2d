import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../core/errors.ts';

/**
 * The default export of a module of the user's.
 *
 * @throws ConfigError when it can't be run
 */
export async function runModule(path: string, option: string, code: string): Promise<unknown> {
  try {
    const { default: exported } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown };
    return exported;
  } catch (cause) {
    throw new ConfigError(
      code,
      `${option}: ${path} can't be run (${errorReason(cause)}): mend it, or name another file.`,
      { cause },
    );
  }
}

/** What an error of a user's module says. */
export function errorReason(cause: unknown): string {
  const { code, message } =
    cause instanceof Error ? (cause as NodeJS.ErrnoException) : { code: '', message: String(cause) };
  // Node's own words name the file that imports it.
  return code === 'ERR_MODULE_NOT_FOUND' ? message.replace(/ imported from .*$/s, '') : message;
}
