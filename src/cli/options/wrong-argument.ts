import { InvalidArgumentError } from 'commander';

/**
 * The refusal of an argument that is no number, or out of range.
 *
 * @param flags such as `--threads <n>`
 * @param expected such as `a whole number of at least 1`
 */
export function wrongArgument(flags: string, expected: string, text: string): InvalidArgumentError {
  const isNumber = text.trim() !== '' && !Number.isNaN(Number(text));
  const given = isNumber ? text : JSON.stringify(text);
  return new InvalidArgumentError(
    `${flags.split(' ')[0]!} must be ${expected}, not ${given}: give one, or leave the option out.`,
  );
}
