import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';

/** What options call their value where it names a file. */
const FILE = /<(file|folder|path|form)>$/;

/** @throws ConfigError for an option whose file has an empty name, which might be noticed only when it is written */
export function assertFilesNamed(command: Command): void {
  for (const option of command.options) {
    const kind = FILE.exec(option.flags)?.[1];
    const name = option.attributeName();
    if (kind === undefined || command.getOptionValue(name) !== '') continue;
    const variable = command.getOptionValueSource(name) === 'env' ? `${option.envVar!}: ` : '';
    throw new ConfigError('no-file-name', `${variable}${option.long!} can't be empty: name a ${kind}.`);
  }
}
