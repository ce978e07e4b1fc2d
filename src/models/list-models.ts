import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { modelsDirectory } from './cache-directory.ts';
import { catalogue, type CatalogueModel } from './catalogue.ts';
import { locateModel, type LocateModelOptions } from './locate-model.ts';

export interface ListedModel {
  /** What a user writes to name it. */
  reference: string;
  /** Absent for a file from the hub that the catalogue doesn't know. */
  entry?: CatalogueModel;
  /** Absolute path; undefined when it is not here. */
  path: string | undefined;
  /** On the disk where it is here, else as the catalogue says. */
  sizeBytes: number;
  /** When the file was last read, to the day or so: most systems note it once a day. Absent where it is not here. */
  lastRead?: Date;
}

/** The catalogue's models in its order, then the hub's files in the cache by name. */
export async function listModels(options: LocateModelOptions = {}): Promise<ListedModel[]> {
  const known = catalogue.models.map(async (entry) => {
    const path = await locateModel(entry, options);
    const listed = { reference: entry.name, entry, path, sizeBytes: entry.sizeBytes };
    return path === undefined ? listed : { ...listed, lastRead: (await stat(path)).atime };
  });
  return [...(await Promise.all(known)), ...(await listHubFiles(options.cacheDirectory))];
}

async function listHubFiles(cache?: string): Promise<ListedModel[]> {
  const folder = join(modelsDirectory(cache), 'hf');
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.filter((name) => /\.gguf$/i.test(name)).sort();
  return await Promise.all(files.map((name) => describeHubFile(folder, join(folder, name))));
}

async function describeHubFile(folder: string, path: string): Promise<ListedModel> {
  const [owner, repository, revision, ...file] = relative(folder, path).split(sep);
  const at = revision === 'main' ? '' : `@${revision!}`;
  const { size, atime } = await stat(path);
  return { reference: `hf:${owner!}/${repository!}${at}/${file.join('/')}`, path, sizeBytes: size, lastRead: atime };
}
