import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { loadCriterionModule } from '../../assembly/notation/criteria/load-criterion-module.ts';
import type { CriterionChoice } from '../../assembly/notation/criteria/resolve-criterion.ts';
import type { ConfigFile } from './config-file.ts';
import { configPaths } from './config-paths.ts';

const NAMES = ['criterion', 'criterionModule', 'gamma', 'window'] as const;
type Name = (typeof NAMES)[number];

/** Where a value came from; the nearer place has its way, and only what comes from one place can contradict itself. */
const PLACES = ['nowhere', 'config file', 'environment', 'command line'] as const;
type Place = (typeof PLACES)[number];

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
      : await loadCriterionModule(modulePath(criterionModule, nearest, config)),
  };
}

function placeOf(command: Command, { values }: ConfigFile, name: Name): Place {
  const source = command.getOptionValueSource(name);
  if (source === 'cli') return 'command line';
  if (source === 'env') return 'environment';
  return values[name] === undefined ? 'nowhere' : 'config file';
}

/** The module is run, so the config file of a folder that one happens to be in may not name it. */
function modulePath(path: string, place: Place, config: ConfigFile): string {
  if (place !== 'config file' || config.path === undefined) return path;
  if (!process.env.WELLBEGUN_CONFIG && config.path === configPaths()[0]) {
    throw new ConfigError(
      'bad-config',
      `The config file ${config.path} can't name a criterionModule, for it would run in whatever folder you are: give --criterion-module, or put it into ${configPaths()[1]!}.`,
    );
  }
  return resolve(dirname(config.path), path);
}
