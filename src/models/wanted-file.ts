import { join } from 'node:path';

import { modelsDirectory } from './cache-directory.ts';
import type { CatalogueModel, ModelSource } from './catalogue.ts';
import type { HubLocation } from './hub/hub-location.ts';
import type { ModelReference } from './model-reference.ts';
import type { ExpectedFile } from './verify-file.ts';

/** A plain address, http or https. */
export interface UrlSource {
  kind: 'url';
  url: string;
}

/** Where a file belongs, what it must be, and where it comes from; a local file has no source. */
export interface WantedFile {
  /** The name of the model, or of the file where it is none. */
  model: string;
  path: string;
  expected: ExpectedFile;
  sources: readonly (ModelSource | UrlSource)[];
  /** What a user can do without any source, after "or". Default: name a .gguf file. */
  wayOut?: string;
}

/** @param cache wellbegun's cache directory */
export function toWantedFile(reference: ModelReference, cache?: string): WantedFile {
  switch (reference.kind) {
    case 'catalogue':
      return fromCatalogue(reference.model, cache);
    case 'hub':
      return fromHub(reference.location, cache);
    case 'local':
      return { model: reference.path, path: reference.path, expected: {}, sources: [] };
  }
}

function fromCatalogue({ name, file, sizeBytes, sha256, sources }: CatalogueModel, cache?: string): WantedFile {
  return { model: name, path: join(modelsDirectory(cache), file), expected: { sizeBytes, sha256 }, sources };
}

function fromHub(location: HubLocation, cache?: string): WantedFile {
  const { repository, revision, file } = location;
  return {
    model: `hf:${repository}${revision === undefined ? '' : `@${revision}`}/${file}`,
    path: join(modelsDirectory(cache), 'hf', repository, revision ?? 'main', file),
    expected: {},
    sources: [{ kind: 'hub', ...location }],
  };
}
