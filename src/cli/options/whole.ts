import { InvalidArgumentError, Option } from 'commander';

/** A whole number of at least `least`. */
export function whole(flags: string, description: string, least: number): Option {
  return new Option(flags, description).argParser((text): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value < 2 ** 31) return value;
    throw new InvalidArgumentError(
      `${flags.split(' ')[0]!} must be a whole number of at least ${least}, not ${JSON.stringify(text)}.`,
    );
  });
}
