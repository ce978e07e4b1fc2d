import { ConfigError } from '../../core/errors.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import { decodingSettings } from '../../settings/decoding.ts';
import { flagOf } from '../../settings/names.ts';
import { readValue } from '../../settings/read-value.ts';
import type { Setting } from '../../settings/setting.ts';

/** What another answer may be asked with: numbers, lists, and what a request over HTTP may say. */
const CHANGEABLE = new Map(
  Object.entries<Setting>(decodingSettings)
    .filter(([, { group, form, request }]) => group && (form === 'number' || form === 'list' || request))
    .map(([name, setting]) => [flagOf(name).slice(2), { name, setting }]),
);

/**
 * Decoding options with one of them changed, as in `gamma 0.9`.
 *
 * @throws ConfigError for a name that is none, or without a value, or for a value that it does not take
 */
export function withSetting(options: DecodeOptions, words: string): DecodeOptions {
  const [, given = '', text = ''] = /^(?:--)?([\w-]+)[\s=]+(.*)$/u.exec(words) ?? [];
  const changed = CHANGEABLE.get(given);
  if (changed === undefined || text === '') {
    const names = [...CHANGEABLE.keys()].join(', ');
    throw new ConfigError('bad-setting', `/set takes a name and a value, as in /set gamma 0.9. Names: ${names}.`);
  }
  const { name, setting } = changed;
  const value = readValue(name, setting, text);
  return { ...options, ...otherOf(name), [name]: setting.form === 'list' ? [value] : value };
}

/** A criterion is given in place of γ and w, and the other way round. */
function otherOf(name: string): DecodeOptions {
  if (name === 'criterion') return { gamma: undefined, window: undefined };
  return name === 'gamma' || name === 'window' ? { criterion: undefined } : {};
}
