import { Command } from 'commander';
import { dataImportCommand } from './data-import.ts';

/** Preference data, from what others publish to what a draft is trained with. */
export function dataCommand(): Command {
  return new Command('data').addCommand(
    dataImportCommand().description('bring preference data of any known form into one'),
  );
}
