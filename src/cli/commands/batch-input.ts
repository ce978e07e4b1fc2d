import { stat } from 'node:fs/promises';
import { type InputScan, scanInput } from '../../batch/scan-input.ts';
import { ConfigError, WellbegunError } from '../../core/errors.ts';
import { announceLate } from '../output/load-progress.ts';
import type { Terminal } from '../output/terminal.ts';

/** @throws ConfigError for an input without lines */
export async function scanBatchInput(
  input: string,
  {
    indexed,
    terminal,
    signal,
  }: { readonly indexed: boolean; readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<InputScan> {
  const announced = announceLate(terminal, `Counting the lines of ${input} …`);
  const scan = await scanInput(input, { indexed, signal }).finally(announced);
  if (scan.requests > 0) return scan;
  throw new ConfigError('no-requests', `The input ${input} has no lines: give it one like {"prompt": "Hello"}.`);
}

/**
 * Work that reads the input more than once.
 *
 * @throws WellbegunError if the input was changed meanwhile
 */
export async function withUnchangedInput(input: string, output: string, work: () => Promise<void>): Promise<void> {
  const stamp = await stampOf(input);
  await work();
  if ((await stampOf(input)) === stamp) return;
  throw new WellbegunError(
    'input-changed',
    `${input} was changed while it was read, so ${output} mixes results of both: restore the input, or remove ${output} to begin anew.`,
  );
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${mtimeMs}`;
}
