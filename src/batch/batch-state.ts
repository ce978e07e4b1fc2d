import { settingName } from '../core/setting-name.ts';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { settingOfKey } from '../settings/names.ts';
import type { InputScan } from './scan-input.ts';
import { withStorageErrors } from './storage-error.ts';
import { syncFolder } from './sync-folder.ts';

const FORMAT = 'wellbegun-batch-1';

/** Everything that a response depends on, besides its line. */
export type BatchSettings = Readonly<Record<string, unknown>>;

const schema = z.object({
  format: z.literal(FORMAT),
  input: z.object({ sha256: z.string(), bytes: z.number(), lines: z.number() }),
  settings: z.record(z.string(), z.unknown()),
});

type BatchState = z.infer<typeof schema>;

/** Beside the output: what it was made from. */
export function statePath(output: string): string {
  return `${output}.state.json`;
}

export async function writeState(output: string, scan: InputScan, settings: BatchSettings): Promise<void> {
  const path = statePath(output);
  const partial = `${path}.partial`;
  const text = `${JSON.stringify(stateOf(scan, settings), null, 2)}\n`;
  await withStorageErrors(path, async () => {
    try {
      await writeThrough(partial, text);
      await rename(partial, path);
      await syncFolder(path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  });
}

/**
 * Refuses to go on with an output that was made from something else.
 *
 * @throws ConfigError that names what differs and the ways out
 */
export async function assertSameState(output: string, input: string, scan: InputScan, settings: BatchSettings) {
  const before = await readState(output);
  const now = stateOf(scan, settings);
  if (before.input.sha256 !== now.input.sha256) {
    throw new ConfigError(
      'other-input',
      `${output} was begun with another ${input} (${before.input.lines} lines, now ${now.input.lines}): name another file with ${settingName('output')}, restore the input, or remove ${output} to begin anew.`,
    );
  }
  const names = difference(before.settings, now.settings);
  if (names.length === 0) return;
  throw new ConfigError(
    'other-settings',
    `${output} was begun with other settings (${names.join(', ')}): give the same ones, name another file with ${settingName('output')}, or remove ${output} to begin anew.`,
  );
}

async function readState(output: string): Promise<BatchState> {
  try {
    return schema.parse(JSON.parse(await readFile(statePath(output), 'utf8')));
  } catch (cause) {
    throw new ConfigError(
      'foreign-output',
      `${output} is there already and ${statePath(output)}, which says what batch made it from, is missing or damaged: name another file with ${settingName('output')}, or remove ${output}.`,
      { cause },
    );
  }
}

function stateOf({ sha256, bytes, lines }: InputScan, settings: BatchSettings): BatchState {
  // As it will be read: without what is undefined.
  return JSON.parse(JSON.stringify({ format: FORMAT, input: { sha256, bytes, lines }, settings })) as BatchState;
}

function difference(before: BatchSettings, now: BatchSettings): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  // Earlier versions also wrote down settings on which no response depends.
  const counted = [...names].filter((name) => settingOfKey(name)?.effect !== 'neither');
  return counted.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
}

async function writeThrough(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(text);
  await file.sync();
}
