/** Where there is no config file, or none that can be used. */
export const NO_CONFIG = { path: undefined, values: {}, pairs: {} };
