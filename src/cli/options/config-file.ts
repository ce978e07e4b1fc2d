import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { closestName } from '../../core/closest-name.ts';
import { decodingSettings } from '../../settings/decoding.ts';
import { pairSettings } from '../../settings/model.ts';
import { keyOf } from '../../settings/names.ts';
import { serverSettings } from '../../settings/server.ts';
import type { Setting, SettingTable } from '../../settings/setting.ts';
import { configPaths } from './config-paths.ts';
import { NO_CONFIG } from './no-config.ts';

/** How a pair is called in requests; `NAME:base` and `NAME:draft` are its models. */
const pairName = z.string().regex(/^[\w./-]{1,100}$/, 'a name has letters, digits, and _ . / - only');

const ofPairs = { ...pairSettings, ...decodingSettings };

/** Keys are the command line's options in camel case; their values are checked as if they were given there. */
const configSchema = z.strictObject({
  ...fieldsOf(ofPairs),
  ...fieldsOf(serverSettings),
  $schema: z.string().optional(),
  pairs: z.record(pairName, z.strictObject(fieldsOf(ofPairs, ({ shared }) => !shared))).optional(),
});

/** Values as a person writes them, each under its key. */
export type PairConfig = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface ConfigFile {
  readonly path: string | undefined;
  readonly values: PairConfig;
  /** What pairs of the gateway have of their own, each under its name. */
  readonly pairs: Readonly<Record<string, PairConfig>>;
}

function fieldsOf(table: SettingTable, isMeant: (setting: Setting) => boolean = () => true) {
  const meant = Object.entries(table).filter(([, setting]) => setting.group !== undefined && isMeant(setting));
  return Object.fromEntries(meant.map(([name, { form }]) => [keyOf(name), fieldOf(form).optional()]));
}

function fieldOf(form: Setting['form']) {
  if (form === 'number') return z.number();
  return form === 'list' ? z.array(z.string()) : z.string();
}

/**
 * The defaults of the first config file that exists.
 *
 * @throws ConfigError that names the file and the key
 */
export function readConfigFile(env: NodeJS.ProcessEnv = process.env): ConfigFile {
  for (const path of configPaths(env)) {
    const source = read(path, Boolean(env.WELLBEGUN_CONFIG));
    if (source !== undefined) return { path, ...parse(path, source) };
  }
  return NO_CONFIG;
}

function read(path: string, required: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && !required) return undefined;
    const reason = missing ? "doesn't exist" : `can't be read (${(cause as Error).message})`;
    const wayOut = required ? 'name another one with WELLBEGUN_CONFIG, or unset it' : 'mend or remove it';
    throw new ConfigError('bad-config', `The config file ${path} ${reason}: ${wayOut}.`, { cause });
  }
}

function parse(path: string, source: string): Omit<ConfigFile, 'path'> {
  let values: unknown;
  try {
    values = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ConfigError('bad-config', `The config file ${path} is not JSON (${(cause as Error).message}): mend it.`, {
      cause,
    });
  }
  const checked = configSchema.safeParse(values);
  if (checked.success) {
    const { pairs = {}, ...values } = checked.data;
    return { values, pairs };
  }
  throw new ConfigError('bad-config', `The config file ${path} ${complaint(checked.error.issues[0]!)}.`);
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const meant = closestName(key, Object.keys(configSchema.shape));
    return `has the unknown key "${key}"${meant === undefined ? '' : ` (did you mean "${meant}"?)`}: mend or remove it`;
  }
  if (issue.path.length === 0) return 'must hold one object, such as {"gamma": 0.7}';
  return `is wrong at "${issue.path.join('.')}": ${wanted(issue)}`;
}

function wanted(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  const types: Readonly<Record<string, string>> = { string: 'a text', array: 'a list', record: 'an object' };
  return `it must be ${types[issue.expected] ?? `a ${issue.expected}`}`;
}
