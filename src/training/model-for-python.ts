import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { catalogue } from '../models/catalogue.ts';
import { expandHome } from '../models/expand-home.ts';
import { pullModel } from '../models/pull-model.ts';
import type { PullProgress } from '../models/pull-progress.ts';

export interface ModelOptions {
  readonly progress?: PullProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What transformers may load: the path of a GGUF file, which is downloaded if it is not here; a folder; a hub's
 * owner/repo, which transformers finds itself.
 */
export async function modelForPython(name: string, options: ModelOptions = {}): Promise<string> {
  const isFile = name.startsWith('hf:') || /\.gguf$/i.test(name);
  if (isFile || catalogue.models.some((model) => model.name === name)) return await pullModel(name, options);
  const path = resolve(expandHome(name));
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return path;
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new ConfigError(
    'unknown-model',
    `There is no model ${JSON.stringify(name)}: name one of ${catalogue.models.map((model) => model.name).join(', ')}, a GGUF file, a folder, or owner/repo of the hub.`,
  );
}
