import { settingName } from '../core/setting-name.ts';
import { basename } from 'node:path';
import { type AdapterReference, splitAdapter } from '../models/adapter-reference.ts';
import { checkAdapter } from '../models/gguf/check-adapter.ts';
import { checkGgufFile } from '../models/gguf/check-gguf-file.ts';
import type { GgufHeader } from '../models/gguf/gguf-header.ts';
import { type ModelReference, parseModelReference } from '../models/model-reference.ts';
import { pullModel } from '../models/pull-model.ts';
import type { ModelSettings } from './model-settings.ts';
import { parseServerReference, type ServerReference } from './server-reference.ts';

/** What a user named: a model on a server, or one of this machine. Nothing says yet that it is there. */
export type ModelName =
  | { readonly server: ServerReference }
  | {
      readonly server?: undefined;
      readonly reference: string;
      readonly parsed: ModelReference;
      readonly adapter?: AdapterReference;
    };

/** A file that is here. */
export interface PulledFile {
  readonly id: string;
  readonly path: string;
  /** Of unknown origin: first tried in a process of its own. */
  readonly strange: boolean;
}

/** A model file that is here, with a sound header. */
export interface ModelFile extends PulledFile {
  readonly header: GgufHeader;
  /** Of a kind and of shapes that go with the model. */
  readonly adapter?: AdapterReference;
}

/** Where a model comes from, once it is there. */
export type ModelSource = ServerReference | ModelFile;

/** @throws ConfigError for what names neither a server nor a model */
export function nameModel(reference: string, role: 'base' | 'draft' | 'aligner'): ModelName {
  const server = parseServerReference(reference, role);
  if (server) return { server };
  const { model, adapter } = splitAdapter(reference, settingName(role));
  return { reference: model, parsed: parseModelReference(model, settingName(role)), ...(adapter && { adapter }) };
}

/**
 * Pulls the file if it is missing, and checks its header.
 *
 * @throws ModelFileError, DownloadError
 */
export async function findSource(name: ModelName, settings: ModelSettings): Promise<ModelSource> {
  if (name.server) return name.server;
  const file = await pullFile(name.reference, name.parsed, settings);
  const header = await checkGgufFile(file.path);
  const { adapter } = name;
  if (!adapter) return { ...file, header };
  await checkAdapter(adapter.path, header);
  return { ...file, id: `${file.id}+${basename(adapter.path, '.gguf')}`, header, adapter, strange: true };
}

/** @throws ModelFileError, DownloadError */
export async function pullFile(
  reference: string,
  parsed: ModelReference,
  { progress, signal }: ModelSettings,
): Promise<PulledFile> {
  const path = await pullModel(reference, { progress: progress?.pull, signal });
  const isListed = parsed.kind === 'catalogue';
  return { id: isListed ? parsed.model.name : basename(path, '.gguf'), path, strange: !isListed };
}

export function isOnServer(source: ModelSource): source is ServerReference {
  return 'engine' in source;
}
