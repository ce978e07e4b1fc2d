import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { settingOfKey } from '../../settings/names.ts';
import type { BatchSettings } from '../../batch/batch-state.ts';

const HASHED_BYTES = 1 << 20;

/**
 * What the responses of a batch depend on: all settings that change the text, and what no table knows.
 *
 * @param options.withSpeed true: also what their times depend on
 */
export async function batchSettings(
  values: Readonly<Record<string, unknown>>,
  { withSpeed = false }: { readonly withSpeed?: boolean } = {},
): Promise<BatchSettings> {
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const { effect = 'text', file, secret } = settingOfKey(key) ?? {};
    if (secret || effect === 'neither' || (effect === 'time' && !withSpeed)) continue;
    if (typeof value === 'string') settings[key] = await describeValue(value, { mayBeFile: file !== undefined });
    else if (typeof value !== 'function') settings[key] = value;
  }
  return settings;
}

/** A value without credentials; for a file, what tells whether it is another one. */
export async function describeValue(value: string, { mayBeFile }: { readonly mayBeFile: boolean }): Promise<unknown> {
  const withoutCredentials = value.replace(/\/\/[^/@\s]*@/g, '//');
  if (!mayBeFile) return withoutCredentials;
  const file = await stat(value).catch(() => undefined);
  if (!file?.isFile()) return withoutCredentials;
  const { size: bytes, mtimeMs } = file;
  // A model is too large to be read for this alone.
  if (bytes > HASHED_BYTES) return { file: resolve(value), bytes, modifiedMs: Math.round(mtimeMs) };
  return {
    file: resolve(value),
    sha256: createHash('sha256')
      .update(await readFile(value))
      .digest('hex'),
  };
}
