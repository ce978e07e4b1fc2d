import { Command } from 'commander';
import type { ConfigFile } from '../options/config-file.ts';
import { dataCheckCommand } from './data-check.ts';
import { dataImportCommand } from './data-import.ts';
import { dataMixCommand } from './data-mix.ts';
import { dataSynthCommand } from './data-synth.ts';

/** Preference data, from what others publish to what a draft is trained with. */
export function dataCommand(config: ConfigFile): Command {
  return new Command('data')
    .addCommand(dataImportCommand().description('bring preference data of any known form into one'))
    .addCommand(
      dataCheckCommand().description('find duplicates, texts of benchmarks, cut-off responses and length bias'),
    )
    .addCommand(dataSynthCommand(config).description('make pairs of the best and worst of several responses'))
    .addCommand(dataMixCommand().description('mix pairs in proportion, into splits that share no prompt'));
}
