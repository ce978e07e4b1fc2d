import { stat } from 'node:fs/promises';
import { WellbegunError } from '../core/errors.ts';

/**
 * Work that reads its inputs more than once.
 *
 * @throws WellbegunError if one of them was changed meanwhile
 */
export async function withUnchangedInputs<T>(
  inputs: readonly string[],
  output: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = await Promise.all(inputs.map(stampOf));
  const outcome = await work();
  const after = await Promise.all(inputs.map(stampOf));
  const input = inputs.find((_, index) => after[index] !== before[index]);
  if (input === undefined) return outcome;
  throw new WellbegunError(
    'input-changed',
    `${input} was changed while it was read, so ${output} mixes results of both: restore the input, or remove ${output} to begin anew.`,
  );
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${mtimeMs}`;
}
