import type { Option } from 'commander';
import { serverSettings } from '../../settings/server.ts';
import type { Written } from '../../settings/written.ts';
import type { CommandValues } from '../commands/command-values.ts';
import type { ConfigFile } from './config-file.ts';
import { LEAVE_OUT, tableOptions } from './table-options.ts';

/** What commander makes of `serveOptions`, `modelOptions` and `decodingOptions`. */
export interface ServeValues extends CommandValues, Written<typeof serverSettings> {
  readonly debug?: boolean;
}

/** Options of the gateway itself. */
export function serveOptions(config: ConfigFile): Option[] {
  return tableOptions(serverSettings, config, { wayOut: LEAVE_OUT });
}
