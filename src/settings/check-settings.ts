import { closestName } from '../core/closest-name.ts';
import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import { flagOf } from './names.ts';
import type { Setting, SettingTable } from './setting.ts';
import { shown } from './shown.ts';

/**
 * @param others what the same object may have besides settings
 * @throws ConfigError for the first setting that there is not, or that is out of range: its name, its value, and what it
 *   takes
 */
export function checkSettings(table: SettingTable, values: object, others: readonly string[] = []): void {
  const names = [...Object.keys(table).filter((name) => !table[name]!.personOnly), ...others];
  for (const [name, value] of Object.entries(values)) {
    if (!names.includes(name)) throw unknownSetting(name, names);
    if (value !== undefined && Object.hasOwn(table, name)) checkSetting(name, table[name]!, value);
  }
}

/** @throws ConfigError that names the setting, its value, and what it takes */
export function checkSetting(name: string, { schema, takes, most = Infinity, secret }: Setting, value: unknown): void {
  if (schema.safeParse(value).success) return;
  const broken = typeof value === 'number' && value > most ? `a whole number of at most ${most}` : takes;
  const but = secret ? '' : `, not ${shown(value)}`;
  throw new ConfigError(`bad-${flagOf(name).slice(2)}`, `${settingName(name)} must be ${broken}${but}.`);
}

function unknownSetting(name: string, names: readonly string[]): ConfigError {
  const meant = closestName(name, names);
  const wayOut = meant === undefined ? 'leave it out' : `did you mean "${meant}"?`;
  return new ConfigError('unknown-setting', `There is no setting ${shown(name)}: ${wayOut}${meant ? '' : '.'}`);
}
