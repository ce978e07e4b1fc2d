import type { ConfigFile } from './config-file.ts';

/** Where there is no config file, or none that can be used. */
export const NO_CONFIG: ConfigFile = { path: undefined, values: {}, pairs: {} };
