import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BatchSettings } from '../../batch/batch-state.ts';

/** Options that change which lines are answered, not what their responses are. */
const WITHOUT_EFFECT = new Set(['output', 'limit', 'shuffleSeed', 'retryFailed', 'debug']);
/** Options that change how fast responses come, not what they are. */
const SPEED = new Set(['concurrency', 'threads', 'gpuLayers', 'backend', 'speculation']);
/** Never written to a file. */
const SECRET = /key$|secret|password|^token$/i;
/** Options whose value may be a file; its content counts, not only its name. */
const FILES = new Set(['base', 'draft', 'template', 'draftTemplate', 'criterionModule', 'strategyModule']);
const HASHED_BYTES = 1 << 20;

/**
 * What the responses of a batch depend on: all options but those known to be without effect.
 *
 * @param options.withSpeed true: also what their times depend on
 */
export async function batchSettings(
  values: Readonly<Record<string, unknown>>,
  { withSpeed = false }: { readonly withSpeed?: boolean } = {},
): Promise<BatchSettings> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (WITHOUT_EFFECT.has(name) || SECRET.test(name) || (!withSpeed && SPEED.has(name))) continue;
    if (typeof value === 'string') settings[name] = await describeValue(value, { mayBeFile: FILES.has(name) });
    else if (typeof value !== 'function') settings[name] = value;
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
