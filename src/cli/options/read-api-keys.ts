import { existsSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { ApiKeys, hashKey } from '../../server/index.ts';
import { readTextFile } from '../read-input.ts';

const SHORTEST = 16;
const limit = z.int().gte(1).optional();

const keySchema = z
  .strictObject({
    name: z.string().regex(/^[\w.-]{1,100}$/, 'a name has letters, digits, and _ . - only'),
    key: z.string().trim().min(SHORTEST, `a key has at least ${SHORTEST} characters`).optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'a hash has 64 lower-case hexadecimal digits')
      .optional(),
    requestsPerMinute: limit,
    concurrentRequests: limit,
  })
  .refine(({ key, sha256 }) => (key === undefined) !== (sha256 === undefined), 'give "key" or "sha256"');

const fileSchema = z.strictObject({ keys: z.array(keySchema).min(1) });

/**
 * The keys of a file, and those of WELLBEGUN_API_KEY_LIST, separated by commas. Undefined where there are neither.
 *
 * @throws ConfigError, which never shows a key
 */
export async function readApiKeys(file: string | undefined, env = process.env): Promise<ApiKeys | undefined> {
  const listed = (env['WELLBEGUN_API_KEY_LIST'] ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  if (listed.some((key) => key.length < SHORTEST)) {
    throw new ConfigError('bad-keys', `WELLBEGUN_API_KEY_LIST: a key has at least ${SHORTEST} characters.`);
  }
  const keys = [
    ...listed.map((key, i) => ({ name: `environment-${i + 1}`, sha256: hashKey(key) })),
    ...(file === undefined ? [] : parse(file, await read(file))),
  ];
  const names = keys.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ConfigError('bad-keys', `--api-keys: two keys are named ${twice}: rename one.`);
  return keys.length === 0 ? undefined : new ApiKeys(keys);
}

/** What is no path may be a key, so it is not repeated. */
async function read(path: string): Promise<string> {
  if (existsSync(path)) return await readTextFile(path, '--api-keys');
  throw new ConfigError(
    'no-keys-file',
    'There is no file of the name that --api-keys (WELLBEGUN_API_KEYS) gives: name a JSON file, or give keys themselves in WELLBEGUN_API_KEY_LIST.',
  );
}

function parse(path: string, source: string) {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    // What JSON.parse says quotes the file.
    throw new ConfigError('bad-keys', `--api-keys: ${path} is not JSON: mend it.`);
  }
  const checked = fileSchema.safeParse(value);
  if (checked.success) return checked.data.keys.map(toApiKey);
  const [issue] = checked.error.issues;
  throw new ConfigError('bad-keys', `--api-keys: ${path} is wrong at "${issue!.path.join('.')}": ${issue!.message}.`);
}

function toApiKey({ name, key, sha256, requestsPerMinute, concurrentRequests }: z.infer<typeof keySchema>) {
  return {
    name,
    sha256: sha256 ?? hashKey(key!),
    limits: {
      ...(requestsPerMinute !== undefined && { requestsPerMinute }),
      ...(concurrentRequests !== undefined && { concurrentRequests }),
    },
  };
}
