import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type AdapterReference, splitAdapter } from '../models/adapter-reference.ts';
import { expandHome } from '../models/expand-home.ts';
import { locateModel } from '../models/locate-model.ts';
import { parseModelReference } from '../models/model-reference.ts';
import { rememberedSha256 } from '../models/remembered-sha256.ts';
import type { FileContent, Fingerprint } from '../recording/fingerprint.ts';
import { settingOfKey } from '../settings/names.ts';
import { parseRewardReference } from './rewards/reward-reference.ts';
import { isServer } from './server-reference.ts';
import { withoutCredentials } from './without-credentials.ts';

/** What the library takes beside settings. */
const NO_SETTINGS = new Set(['progress', 'signal']);

/** Settings whose value may name more than one file, or stand for one by another name: the content counts, not only the name. */
const FILES: Readonly<Record<string, (value: string) => Promise<readonly string[]> | readonly string[]>> = {
  reward: rewardFiles,
  judge: rewardFiles,
  tokenizer: tokenizerFiles,
};

/**
 * What the responses of a run depend on: all settings that change the text, and what no table knows.
 *
 * @param options.withSpeed true: also what their times depend on
 */
export async function fingerprintOf(
  values: Readonly<Record<string, unknown>>,
  { withSpeed = false }: { readonly withSpeed?: boolean } = {},
): Promise<Fingerprint> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const { effect = 'text', secret } = settingOfKey(name) ?? {};
    if (NO_SETTINGS.has(name) || secret || effect === 'neither' || (effect === 'time' && !withSpeed)) continue;
    if (typeof value === 'string') settings[name] = await describeSetting(name, value);
    else if (typeof value !== 'function') settings[name] = value;
  }
  return settings;
}

/** A setting's value without credentials, with the content of files that it names. */
export async function describeSetting(name: string, value: string): Promise<FileContent | string> {
  const named = withoutCredentials(value);
  if (name === 'base' || name === 'draft' || name === 'aligner') {
    const { model, adapter } = splitModel(value);
    const pinned = catalogueSha256(model);
    const content = pinned === undefined ? await contentOf(named, await modelFiles(model)) : { named, sha256: pinned };
    return (content && adapter ? await withAdapter(content, adapter) : content) ?? named;
  }
  return (await contentOf(named, await filesOf(name, value))) ?? named;
}

async function filesOf(name: string, value: string): Promise<readonly string[]> {
  if (Object.hasOwn(FILES, name)) return await FILES[name]!(value);
  return settingOfKey(name)?.file === undefined ? [] : [expandHome(value)];
}

/**
 * What is in the files of a setting, taken together.
 *
 * @returns undefined where none of the paths is a file: whoever needs it says so
 */
export async function contentOf(named: string, paths: readonly string[]): Promise<FileContent | undefined> {
  const stats = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  const files = paths.filter((_, index) => stats[index]?.isFile());
  const first = stats.find((one) => one?.isFile());
  if (!first) return undefined;
  const hashes: string[] = [];
  for (const path of files) hashes.push(await rememberedSha256(path));
  const sha256 = hashes.length === 1 ? hashes[0]! : createHash('sha256').update(hashes.join(' ')).digest('hex');
  return { named, file: resolve(files[0]!), bytes: first.size, modifiedMs: Math.round(first.mtimeMs), sha256 };
}

/** The model, its adapter and the adapter's scale, taken together. */
async function withAdapter(model: FileContent, { path, scale }: AdapterReference): Promise<FileContent | undefined> {
  const adapter = await contentOf(model.named, [path]);
  if (!adapter) return undefined;
  const sha256 = createHash('sha256').update(`${model.sha256} ${adapter.sha256} ${scale}`).digest('hex');
  return { named: model.named, sha256 };
}

function splitModel(value: string): ReturnType<typeof splitAdapter> {
  try {
    return isServer(value) ? { model: value } : splitAdapter(value);
  } catch {
    // Whoever opens it says what is wrong.
    return { model: value };
  }
}

function catalogueSha256(value: string): string | undefined {
  if (isServer(value)) return undefined;
  const parsed = parsedModel(value);
  return parsed?.kind === 'catalogue' ? parsed.model.sha256 : undefined;
}

/** A model that is not here yet has no content to compare with. */
async function modelFiles(value: string): Promise<readonly string[]> {
  if (isServer(value)) return [];
  const parsed = parsedModel(value);
  if (parsed?.kind === 'local') return [parsed.path];
  const path = parsed && (await locateModel(value));
  return path === undefined ? [] : [path];
}

function parsedModel(value: string) {
  try {
    return parseModelReference(value);
  } catch {
    // Whoever opens it says what is wrong.
    return undefined;
  }
}

/** The model and its head, and what stands behind the `#`, where it names files. */
async function rewardFiles(value: string): Promise<readonly string[]> {
  const { kind, target, options } = parseRewardReference(value);
  const [model] = kind === 'embedded' ? await modelFiles(target) : [];
  const head = options.head ?? model?.replace(/\.gguf$/i, '.reward.safetensors');
  return [model, head, options.template, options.rubric].filter(
    (path) => path !== undefined && path !== '',
  ) as string[];
}

/** What is read beside a tokenizer belongs to it. */
async function tokenizerFiles(value: string): Promise<readonly string[]> {
  const path = expandHome(value);
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const file = isFolder ? join(path, 'tokenizer.json') : path;
  return [file, ...['tokenizer_config.json', 'chat_template.jinja'].map((name) => join(dirname(file), name))];
}
