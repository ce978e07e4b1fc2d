import { InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { expandHome } from '../../models/expand-home.ts';
import { commandSettings } from '../../settings/commands.ts';
import { flagOf, keyOf, variableOf } from '../../settings/names.ts';
import { choicesOf, readValue } from '../../settings/read-value.ts';
import type { Setting, SettingTable } from '../../settings/setting.ts';
import type { ConfigFile } from './config-file.ts';

/** What a command line knows of a setting besides its table. */
export interface OptionExtras {
  readonly default?: string | number;
  readonly words?: string;
  /** Refuses a text that is not well written. */
  readonly check?: (text: string) => unknown;
}

/** How a complaint about a number ends where its default suits most machines. */
export const LEAVE_OUT = ': give one, or leave the option out.';

/** The options of a table's settings, with their names in the environment, and what the config file says of them. */
export function tableOptions(
  table: SettingTable,
  config: ConfigFile,
  { extras = {}, wayOut = '.' }: { readonly extras?: Readonly<Record<string, OptionExtras>>; readonly wayOut?: string },
): Option[] {
  const shown = Object.entries(table).filter(([, { group }]) => group !== undefined);
  return shown.map(([name, setting]) => {
    const option = settingOption(name, setting, extras[name], wayOut).env(variableOf(name));
    const value = config.values[keyOf(name)];
    if (value === undefined) return option;
    const read = fromConfig(value, config, (text) => readArgument(name, setting, text, extras[name]));
    return option.default(read, `${JSON.stringify(value)}, from the config file`);
  });
}

/** An option that some commands have. */
export function commandOption(name: keyof typeof commandSettings, extras?: OptionExtras): Option {
  return settingOption(name, commandSettings[name], extras, LEAVE_OUT);
}

export function settingOption(name: string, setting: Setting, extras: OptionExtras = {}, wayOut = '.'): Option {
  const { value, words, group = 'Options:', form, default: usual = extras.default } = setting;
  const option = new Option([flagOf(name), ...(value === undefined ? [] : [value])].join(' '), extras.words ?? words);
  if (usual !== undefined) option.default(usual);
  // A value that may be left out is that of a switch.
  if (option.optional) option.preset('on');
  const choices = choicesOf(setting);
  if (choices) option.choices(choices);
  const given: unknown[] = [];
  return option.helpGroup(group).argParser((text: string) => {
    const read = asArgument(() => readArgument(name, setting, text, extras), form === 'number' ? wayOut : '.');
    // Each time the option is given adds to the list; together they replace a default.
    return form === 'list' ? (given.push(read), given) : read;
  });
}

function readArgument(name: string, setting: Setting, text: string, { check }: OptionExtras = {}): unknown {
  check?.(text);
  const read = readValue(name, setting, text);
  return setting.file && typeof read === 'string' ? expandHome(read) : read;
}

/** A value in a config file passes the same checks as on the command line. */
function fromConfig(value: unknown, { path = '' }: ConfigFile, read: (text: string) => unknown): unknown {
  try {
    return Array.isArray(value) ? value.map((item) => read(String(item))) : read(String(value));
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError('bad-config', `The config file ${path}: ${cause.spelled(keyOf)}`, { cause });
  }
}

/** A refusal as commander takes it. */
export function asArgument<T>(read: () => T, wayOut: string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new InvalidArgumentError(error.spelled(flagOf).replace(/\.$/, wayOut));
  }
}
