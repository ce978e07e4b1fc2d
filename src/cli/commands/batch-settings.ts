import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BatchSettings } from '../../batch/batch-state.ts';

/** Options that change how a batch runs, not what its responses are. */
const WITHOUT_EFFECT = new Set([
  'output',
  'concurrency',
  'limit',
  'shuffleSeed',
  'retryFailed',
  'threads',
  'gpuLayers',
  'backend',
  'speculation',
  'debug',
]);
/** Never written to a file. */
const SECRET = /key$|secret|password|^token$/i;
/** Options whose value may be a file; its content counts, not only its name. */
const FILES = new Set(['base', 'draft', 'template', 'draftTemplate', 'criterionModule']);
const HASHED_BYTES = 1 << 20;

/** What the responses of a batch depend on: all options but those known to be without effect. */
export async function batchSettings(values: Readonly<Record<string, unknown>>): Promise<BatchSettings> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (WITHOUT_EFFECT.has(name) || SECRET.test(name)) continue;
    if (typeof value === 'string') settings[name] = await described(value, FILES.has(name));
    else if (typeof value !== 'function') settings[name] = value;
  }
  return settings;
}

async function described(value: string, mayBeFile: boolean): Promise<unknown> {
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
