import type { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import type { Setting } from './setting.ts';
import { shown } from './shown.ts';

const VARIABLE = /^[A-Za-z_]\w*$/;

/**
 * What a person writes on the command line, in the environment or in the config file, checked: a number, a text, or the
 * items of a list.
 *
 * @throws ConfigError that names the setting, what was written, and what it takes
 */
export function readValue(name: string, setting: Setting, text: string): unknown {
  switch (setting.form) {
    case 'number':
      return readNumber(name, setting, text);
    case 'choice':
    case 'switch':
      return readChoice(name, choicesOf(setting)!, text);
    case 'variable':
      return readVariable(name, text);
    case 'list':
      return readItem(name, setting, text);
    case 'text':
    case undefined:
      return text;
  }
}

/** The words that a person may choose from; undefined where there are more. */
export function choicesOf({ form, schema }: Setting): readonly string[] | undefined {
  if (form === 'switch') return ['on', 'off'];
  return form === 'choice' ? (schema as z.ZodEnum).options.map(String) : undefined;
}

function readNumber(name: string, { written, ...setting }: Setting, text: string): number {
  const { schema, takes, most = Infinity } = written ?? setting;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (schema.safeParse(value).success) return value;
  const broken = value > most ? `a whole number of at most ${most}` : takes;
  throw wrong(name, `must be ${broken}, not ${shown(Number.isNaN(value) ? text : value)}`);
}

function readChoice(name: string, choices: readonly string[], text: string): string {
  if (choices.includes(text)) return text;
  throw wrong(name, `must be one of ${choices.join(', ')}, not ${shown(text)}`);
}

function readItem(name: string, { schema, takes }: Setting, text: string): string {
  if (schema.safeParse([text]).success) return text;
  throw wrong(name, `must be ${takes}, not ${shown(text)}`);
}

/** What is no name of a variable may be a secret, and is not repeated. */
function readVariable(name: string, text: string): string {
  if (VARIABLE.test(text)) return text;
  throw wrong(name, 'takes the name of an environment variable, such as PROVIDER_KEY, never a key');
}

function wrong(name: string, problem: string): ConfigError {
  return new ConfigError('bad-argument', `${settingName(name)} ${problem}.`);
}
