import type { Command } from 'commander';
import { keyOf } from '../../settings/names.ts';

/** Whether the command line itself gives a setting. */
export function isGiven(command: Command, setting: string): boolean {
  return command.getOptionValueSource(keyOf(setting)) === 'cli';
}
