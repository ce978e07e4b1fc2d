import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { ConfigError } from '../../core/errors.ts';

let hasRun = false;

/** Whether code of the user's runs in this process. */
export function hasRunModule(): boolean {
  return hasRun;
}

/** A module whose start takes longer is taken to hang. */
const MOST_MS = 60_000;

/** What a module is for, in messages. */
interface ModuleUse {
  /** The setting that names it. */
  readonly option: string;
  readonly code: string;
  readonly mostMs?: number;
}

/**
 * The default export of a module of the user's, or what it returns when it is a function.
 *
 * @throws ConfigError when it can't be run, or does not end
 */
export async function runModule(path: string, { option, code, mostMs = MOST_MS }: ModuleUse): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it did not end within ${mostMs / 1000} s`)), mostMs);
  try {
    return await Promise.race([exportOf(path), late]);
  } catch (cause) {
    throw new ConfigError(
      code,
      `${option}: ${path} can't be run (${errorReason(cause)}): mend it, or name another file.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

async function exportOf(path: string): Promise<unknown> {
  hasRun = true;
  const { default: exported } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown };
  return typeof exported === 'function' ? await (exported as () => unknown)() : exported;
}

/** What an error of a user's module says; it may have thrown anything. */
export function errorReason(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : inspect(cause, { depth: 0 });
  const { code = '', message } = cause as NodeJS.ErrnoException;
  // Node's own words name the file that imports it.
  const isNode = code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT';
  return isNode ? message.replace(/( resolving ES modules)? imported from .*$/s, '') : message;
}
