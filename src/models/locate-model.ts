import { stat } from 'node:fs/promises';

import type { CatalogueModel } from './catalogue.ts';
import { parseModelReference } from './model-reference.ts';
import { toWantedFile, type WantedFile } from './wanted-file.ts';

export interface LocateModelOptions {
  /** Default: `cacheDirectory()`. */
  cacheDirectory?: string | undefined;
}

/**
 * Absolute path of a model that is here already. A catalogue model of another size than the catalogue's counts as not
 * here; its hash is checked by `pullModel`, not here.
 *
 * @throws ConfigError when the reference can't be read.
 */
export async function locateModel(
  model: string | CatalogueModel,
  { cacheDirectory }: LocateModelOptions = {},
): Promise<string | undefined> {
  return await locateFile(wantedFile(model, cacheDirectory));
}

export function wantedFile(model: string | CatalogueModel, cacheDirectory?: string): WantedFile {
  const reference = typeof model === 'string' ? parseModelReference(model) : ({ kind: 'catalogue', model } as const);
  return toWantedFile(reference, cacheDirectory);
}

export async function locateFile({ path, expected }: WantedFile): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return expected.sizeBytes === undefined || expected.sizeBytes === found.size ? path : undefined;
}
