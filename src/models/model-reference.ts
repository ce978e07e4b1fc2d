import { resolve } from 'node:path';

import { ConfigError } from '../core/errors.ts';
import { catalogue, type CatalogueModel } from './catalogue.ts';
import { closestName } from '../core/closest-name.ts';
import { describeFolder } from './describe-folder.ts';
import { expandHome } from './expand-home.ts';
import { parseHubLocation, type HubLocation } from './hub/hub-location.ts';

/** What a user may write where a model is named. `path` is absolute; nothing says that the file exists. */
export type ModelReference =
  | { kind: 'catalogue'; model: CatalogueModel }
  | { kind: 'hub'; location: HubLocation }
  | { kind: 'local'; path: string };

const FORMS = 'a path to a .gguf file, or hf:owner/repo/file.gguf';

/**
 * Reads a catalogue name, a path to a `.gguf` file (absolute, relative to the working directory, `~/`), or
 * `hf:owner/repo[@revision]/path/file.gguf`.
 *
 * @param option where a user wrote it, for the sentence
 * @throws ConfigError for anything else; the message lists the names and forms and the closest name.
 */
export function parseModelReference(value: string, option?: string): ModelReference {
  const model = catalogue.models.find((entry) => entry.name === value);
  if (model) return { kind: 'catalogue', model };
  if (value.startsWith('hf:')) return { kind: 'hub', location: parseHubLocation(value) };
  if (isLocalPath(value)) return { kind: 'local', path: resolve(expandHome(value)) };
  const where = option === undefined ? '' : `${option}: `;
  throw new ConfigError('unknown-model', where + (describeFolder(value) ?? describeUnknown(value)));
}

function isLocalPath(value: string): boolean {
  return /\.gguf$/i.test(value) && !/^[a-z][a-z+]+:/i.test(value) && !value.includes('\0');
}

function describeUnknown(value: string): string {
  const names = catalogue.models.map((entry) => entry.name);
  const meant = suggestHubForm(value) ?? closestName(value, names);
  const suggestion = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  const shown = JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  return `There is no model ${shown}${suggestion}: name one of ${names.join(', ')}, ${FORMS}.`;
}

/** People paste the address of a file's page. */
function suggestHubForm(value: string): string | undefined {
  const page = /^https?:\/\/(?:huggingface\.co|hf\.co)\/([^/]+\/[^/]+)\/(?:blob|resolve)\/([^/]+)\/([^?#]+\.gguf)/i;
  const [, repository, revision, file] = page.exec(value) ?? [];
  if (!repository || !revision || !file) return undefined;
  return `hf:${repository}${revision === 'main' ? '' : `@${revision}`}/${file}`;
}
