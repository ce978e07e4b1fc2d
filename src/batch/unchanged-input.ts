import { stat } from 'node:fs/promises';
import { WellbegunError } from '../core/errors.ts';

/**
 * Work that reads the input more than once.
 *
 * @throws WellbegunError if the input was changed meanwhile
 */
export async function withUnchangedInput<T>(input: string, output: string, work: () => Promise<T>): Promise<T> {
  const stamp = await stampOf(input);
  const outcome = await work();
  if ((await stampOf(input)) === stamp) return outcome;
  throw new WellbegunError(
    'input-changed',
    `${input} was changed while it was read, so ${output} mixes results of both: restore the input, or remove ${output} to begin anew.`,
  );
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${mtimeMs}`;
}
