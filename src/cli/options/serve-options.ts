import { Option } from 'commander';
import type { CommandValues } from '../commands/command-values.ts';
import { whole } from './whole.ts';

export interface ServeValues extends CommandValues {
  readonly host: string;
  readonly port: number;
  readonly parallel: number;
}

/** Options of the gateway itself. */
export function serveOptions(): Option[] {
  const options = [
    new Option('--host <address>', 'address to listen on; 0.0.0.0 is all').default('127.0.0.1'),
    whole('--port <n>', 'port to listen on; 0 is any free one', 0).default(8000),
    whole('--parallel <n>', 'responses that each pair decodes at the same time', 1).default(4),
  ];
  for (const option of options)
    option.helpGroup('Gateway:').env(`WELLBEGUN_${option.name().replaceAll('-', '_').toUpperCase()}`);
  return options;
}
