import { ModelFileError } from '../core/errors.ts';
import { cacheDirectory } from './cache-directory.ts';
import type { CatalogueModel } from './catalogue.ts';
import { describeFolder } from './describe-folder.ts';
import { wantedFile } from './locate-model.ts';
import { pullFile } from './pull-file.ts';
import { silentProgress, type PullProgress } from './pull-progress.ts';

export interface PullModelOptions {
  progress?: PullProgress | undefined;
  signal?: AbortSignal | undefined;
  /** Default: `cacheDirectory()`. */
  cacheDirectory?: string | undefined;
  /** Default: the process's own. */
  env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Absolute path of a model's file, downloaded if it is not here. Only a file whose size and hash are right gets its name;
 * an interrupted download goes on where it stopped, and a second process waits for the first. A file that is here already is
 * hashed once where its hash is known.
 *
 * @param model a catalogue entry, or what `parseModelReference` reads
 * @throws ConfigError when the reference can't be read.
 * @throws ModelFileError when a local file doesn't exist, or a file that is here is not the catalogue's.
 * @throws DownloadError `download-failed` when no source gives the file, `disk-full`, `cache-not-writable`.
 */
export async function pullModel(model: string | CatalogueModel, options: PullModelOptions = {}): Promise<string> {
  const { progress = silentProgress, signal, env = process.env } = options;
  signal?.throwIfAborted();
  const cache = options.cacheDirectory ?? cacheDirectory(env);
  const wanted = wantedFile(model, cache);
  const pulled = await pullFile(wanted, { cache, progress, signal, env });
  if (pulled === undefined) throw missingFileError(wanted.path);
  return pulled;
}

function missingFileError(path: string): ModelFileError {
  const message =
    describeFolder(path) ??
    `The model file ${path} doesn't exist; for a file on the hub write hf:owner/repo/file.gguf.`;
  return new ModelFileError('model-file-missing', message);
}
