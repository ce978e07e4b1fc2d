import type { Command } from 'commander';

/** The flag of an option that the command line gives; undefined where it does not, or there is no such option. */
export function givenFlag(command: Command, name: string): string | undefined {
  if (command.getOptionValueSource(name) !== 'cli') return undefined;
  return command.options.find((option) => option.attributeName() === name)!.long!;
}
