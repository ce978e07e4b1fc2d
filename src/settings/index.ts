/** For the scripts that write what the tables say; not published. */
export { decodingSettings } from './decoding.ts';
export { pairSettings } from './model.ts';
export { fieldOf, flagOf, keyOf, variableOf } from './names.ts';
export { serverSettings } from './server.ts';
export type { Setting, SettingTable } from './setting.ts';
