import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { isGiven } from '../options/is-given.ts';
import type { CommandValues } from './command-values.ts';

export interface RunValues extends CommandValues {
  readonly messages?: string;
  readonly json?: boolean;
  readonly trace?: string;
  readonly compare?: boolean;
  readonly showConfidence?: boolean;
  readonly debug?: boolean;
}

export const COMPARED = ['base', 'draft', 'wsd'] as const;

/** @throws ConfigError for an option that would be ignored beside others */
export function checkedValues(command: Command): RunValues {
  const values = command.optsWithGlobals<RunValues>();
  const given = ['strategy', 'strategyModule'].find((name) => isGiven(command, name));
  if (values.compare && given !== undefined) {
    throw new ConfigError(
      'compare-strategy',
      `--compare runs ${COMPARED.join(', ')}: leave out ${settingName(given)}, or compare strategies with wellbegun evaluate.`,
    );
  }
  if (values.json && values.showConfidence) {
    throw new ConfigError(
      'view-of-json',
      '--show-confidence is for people, and --json has the figures: leave one out.',
    );
  }
  return values;
}
