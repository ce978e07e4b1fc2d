import type { Command } from 'commander';
import { expandHome } from '../../models/expand-home.ts';
import { ConfigError } from '../../core/errors.ts';

/** What options call their value where it names a file. */
const FILE = /<(file|folder|path|form)>$/;

/**
 * Expands `~` in the names of files, wherever they were given: a shell does so only for some.
 *
 * @throws ConfigError for an empty name, which might be noticed only when the file is written
 */
export function settleFileNames(command: Command): void {
  for (const option of command.options) {
    const kind = FILE.exec(option.flags)?.[1];
    const name = option.attributeName();
    const given: unknown = command.getOptionValue(name);
    if (kind === undefined || typeof given !== 'string') continue;
    if (given !== '') {
      command.setOptionValueWithSource(name, expandHome(given), command.getOptionValueSource(name));
      continue;
    }
    const variable = command.getOptionValueSource(name) === 'env' ? `${option.envVar!}: ` : '';
    throw new ConfigError('no-file-name', `${variable}${option.long!} can't be empty: name a ${kind}.`);
  }
}
