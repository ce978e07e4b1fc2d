import { stat } from 'node:fs/promises';
import { assertSameState, type BatchSettings, writeState } from './batch-state.ts';
import { LineSet } from './line-set.ts';
import { OutputFile } from './output-file.ts';
import { type OutputContent, readOutput } from './read-output.ts';
import { removeFailures } from './remove-failures.ts';
import type { InputScan } from './scan-input.ts';

/** What a batch is made from. */
export interface BatchSource {
  /** The input file, for sentences about it. */
  readonly input: string;
  readonly scan: InputScan;
  readonly settings: BatchSettings;
}

/**
 * What an earlier run of the same batch left; changes nothing.
 *
 * @throws ConfigError for an output that was made from something else
 */
export async function earlierOutput(
  path: string,
  { input, scan, settings }: BatchSource,
): Promise<OutputContent | undefined> {
  const sizeBytes = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (sizeBytes === 0) return undefined;
  await assertSameState(path, input, scan, settings);
  return await readOutput(path, scan.lines);
}

/**
 * Begins a new output, or goes on with the earlier one. To be called under the output's lock.
 *
 * @param options.withoutFailures take earlier failures out, so that their lines are done anew
 * @throws WellbegunError from the disk
 */
export async function openOutput(
  path: string,
  earlier: OutputContent | undefined,
  { scan, settings, withoutFailures }: BatchSource & { readonly withoutFailures: boolean },
): Promise<OutputFile> {
  if (!earlier) {
    await writeState(path, scan, settings);
    return await OutputFile.open(path, 0);
  }
  const { failed, sizeBytes } = earlier;
  if (!withoutFailures || failed.size === 0) return await OutputFile.open(path, sizeBytes);
  return await OutputFile.open(path, await removeFailures(path, sizeBytes));
}

/** The lines that need not be done, and how many failures stay among them. */
export function linesDone(
  earlier: OutputContent | undefined,
  { scan, withoutFailures }: { readonly scan: InputScan; readonly withoutFailures: boolean },
): { readonly done: LineSet; readonly failed: number } {
  if (!earlier) return { done: new LineSet(scan.lines), failed: 0 };
  const { done, failed } = earlier;
  return withoutFailures ? { done: done.without(failed), failed: 0 } : { done, failed: failed.size };
}
