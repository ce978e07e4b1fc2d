import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { closestName } from '../../models/closest-name.ts';
import { configPaths } from './config-paths.ts';

const number = z.number();
const text = z.string();

/** Options that a pair of the gateway can have of its own. */
const pairFields = {
  base: text.optional(),
  draft: text.optional(),
  reward: text.optional(),
  aligner: text.optional(),
  strategy: text.optional(),
  urialExamples: text.optional(),
  gamma: number.optional(),
  window: number.optional(),
  criterion: text.optional(),
  maxDraft: number.optional(),
  maxTokens: number.optional(),
  maxResponseTokens: number.optional(),
  temperature: number.optional(),
  topP: number.optional(),
  topK: number.optional(),
  minP: number.optional(),
  repetitionPenalty: number.optional(),
  seed: number.optional(),
  system: text.optional(),
  stop: z.array(text).optional(),
  onNoSwitch: text.optional(),
  template: text.optional(),
  draftTemplate: text.optional(),
  tokenizer: text.optional(),
  serverTimeout: number.optional(),
  baseKeyEnv: text.optional(),
  draftKeyEnv: text.optional(),
  alignerKeyEnv: text.optional(),
  rewardKeyEnv: text.optional(),
  context: number.optional(),
  kvType: text.optional(),
  gpuLayers: number.optional(),
  repack: text.optional(),
  speculation: text.optional(),
};

/** How a pair is called in requests; `NAME:base` and `NAME:draft` are its models. */
const pairName = z.string().regex(/^[\w./-]{1,100}$/, 'a name has letters, digits, and _ . / - only');

/** Keys are the command line's options in camel case; their values are checked as if they were given there. */
const configSchema = z.strictObject({
  $schema: text.optional(),
  ...pairFields,
  criterionModule: text.optional(),
  strategyModule: text.optional(),
  threads: number.optional(),
  backend: text.optional(),
  pairs: z.record(pairName, z.strictObject(pairFields)).optional(),
  host: text.optional(),
  port: number.optional(),
  parallel: number.optional(),
  queue: number.optional(),
  maxBody: number.optional(),
  drainSeconds: number.optional(),
  keepAliveSeconds: number.optional(),
  stallSeconds: number.optional(),
  apiKeys: text.optional(),
  requestsPerMinute: number.optional(),
  concurrentRequests: number.optional(),
  corsOrigin: z.array(text).optional(),
  logPrompts: text.optional(),
});

export type PairConfig = z.infer<z.ZodObject<typeof pairFields>>;

export type Config = z.infer<typeof configSchema>;

export interface ConfigFile {
  readonly path: string | undefined;
  readonly values: Config;
}

/**
 * The defaults of the first config file that exists.
 *
 * @throws ConfigError that names the file and the key
 */
export function readConfigFile(env: NodeJS.ProcessEnv = process.env): ConfigFile {
  for (const path of configPaths(env)) {
    const source = read(path, Boolean(env.WELLBEGUN_CONFIG));
    if (source !== undefined) return { path, values: parse(path, source) };
  }
  return { path: undefined, values: {} };
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

function parse(path: string, source: string): Config {
  let values: unknown;
  try {
    values = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ConfigError('bad-config', `The config file ${path} is not JSON (${(cause as Error).message}): mend it.`, {
      cause,
    });
  }
  const checked = configSchema.safeParse(values);
  if (checked.success) return checked.data;
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
