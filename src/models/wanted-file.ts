import { join } from 'node:path';

import { modelsDirectory } from './cache-directory.ts';
import type { CatalogueModel, ModelSource } from './catalogue.ts';
import type { HubLocation } from './hub/hub-location.ts';
import type { ModelReference } from './model-reference.ts';
import type { ExpectedFile } from './verify-file.ts';

/** Where a model's file belongs, what it must be, and where it comes from; a local file has no source. */
export interface WantedFile {
  model: string;
  path: string;
  expected: ExpectedFile;
  sources: readonly ModelSource[];
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
