import { commandSettings } from './commands.ts';
import { dataCheckSettings, importSettings, mixSettings, synthSettings } from './data.ts';
import { decodingSettings } from './decoding.ts';
import { modelSettings } from './model.ts';
import { serverSettings } from './server.ts';
import type { Setting, SettingTable } from './setting.ts';

/** What HTTP calls settings that are fields of OpenAI's API. */
const OPENAI_FIELDS: Readonly<Record<string, string>> = {
  maxTokens: 'max_tokens',
  maxResponseTokens: 'max_tokens',
  stop: 'stop',
  messages: 'messages',
};

const ALL: SettingTable = {
  ...importSettings,
  ...dataCheckSettings,
  ...mixSettings,
  ...synthSettings,
  ...commandSettings,
  ...serverSettings,
  ...modelSettings,
  ...decodingSettings,
};

/** The setting that the library calls so, or the command line's values and the config file; undefined: there is none. */
export function settingOfKey(key: string): Setting | undefined {
  return SETTING_OF_KEY.get(key);
}

/** `--top-p`, as the command line has it. */
export function flagOf(name: string): string {
  return `--${Object.hasOwn(ALL, name) ? (ALL[name]!.flag ?? kebab(name)) : kebab(name)}`;
}

/** `topP`, as the config file has it, and commander among its values. */
export function keyOf(name: string): string {
  return flagOf(name)
    .slice(2)
    .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `WELLBEGUN_TOP_P`, as the environment has it. */
export function variableOf(name: string): string {
  return `WELLBEGUN_${flagOf(name).slice(2).replaceAll('-', '_').toUpperCase()}`;
}

/** `top_p`, as a request over HTTP has it; undefined: no request can say it. */
export function fieldOf(name: string): string | undefined {
  return Object.hasOwn(ALL, name) && ALL[name]!.request ? snakeCase(name) : OPENAI_FIELDS[name];
}

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function kebab(name: string): string {
  return snakeCase(name).replaceAll('_', '-');
}

const SETTING_OF_KEY = new Map(
  Object.entries(ALL).flatMap(([name, setting]) => [name, keyOf(name)].map((key) => [key, setting] as const)),
);
