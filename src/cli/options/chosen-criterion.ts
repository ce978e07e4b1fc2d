import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { loadCriterionModule } from '../../assembly/notation/criteria/load-criterion-module.ts';
import type { CriterionChoice } from '../../assembly/notation/criteria/resolve-criterion.ts';
import type { ConfigFile } from './config-file.ts';
import { configModule } from './config-module.ts';
import { PLACES, placeOf } from './place-of.ts';

const NAMES = ['criterion', 'criterionModule', 'gamma', 'window'] as const;
type Name = (typeof NAMES)[number];

/**
 * What was said of the criterion, in the nearest place that says anything: `--gamma 0.7` on the command line overrules
 * a criterion of the config file.
 *
 * @throws ConfigError for two criteria in one place, or a module that is none
 */
export async function chosenCriterion(command: Command, config: ConfigFile): Promise<Required<CriterionChoice>> {
  const places = new Map(NAMES.map((name) => [name, placeOf(command, config, name)]));
  const nearest = NAMES.map((name) => places.get(name)!).toSorted((a, b) => PLACES.indexOf(b) - PLACES.indexOf(a))[0]!;
  const isChosen = (name: Name) => nearest !== 'nowhere' && places.get(name) === nearest;
  const { gamma, window, criterion, criterionModule } = command.opts<Record<Name, never>>();
  if (!isChosen('criterion') && !isChosen('criterionModule')) return { gamma, window, criterion: undefined };
  if (isChosen('criterion') && isChosen('criterionModule')) {
    throw new ConfigError('two-criteria', "--criterion and --criterion-module can't be given together: choose one.");
  }
  return {
    gamma: isChosen('gamma') ? gamma : undefined,
    window: isChosen('window') ? window : undefined,
    criterion: isChosen('criterion')
      ? criterion
      : await loadCriterionModule(
          nearest === 'config file' ? configModule(config, 'criterionModule', criterionModule) : criterionModule,
        ),
  };
}
