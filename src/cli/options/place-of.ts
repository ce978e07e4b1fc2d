import type { Command } from 'commander';
import type { ConfigFile } from './config-file.ts';

/** Where a value came from; the nearer place has its way, and only what comes from one place can contradict itself. */
export const PLACES = ['nowhere', 'config file', 'environment', 'command line'] as const;

export type Place = (typeof PLACES)[number];

export function placeOf(command: Command, { values }: ConfigFile, name: keyof ConfigFile['values']): Place {
  const source = command.getOptionValueSource(name);
  if (source === 'cli') return 'command line';
  if (source === 'env') return 'environment';
  return values[name] === undefined ? 'nowhere' : 'config file';
}
