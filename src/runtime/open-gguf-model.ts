import { basename } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import type { LanguageModel } from '../core/language-model.ts';
import type { LlamaCppModel } from '../engines/llama-cpp/llama-cpp-model.ts';
import { checkGgufFile } from '../models/gguf/check-gguf-file.ts';
import { parseModelReference } from '../models/model-reference.ts';
import { pullModel } from '../models/pull-model.ts';
import { controlCandidates } from './control-candidates.ts';
import type { Machine } from './machine.ts';
import type { ModelSettings } from './model-settings.ts';
import { assertLoads } from './probe/assert-loads.ts';

/** Room for the paper's limits (512 drafted, 2048 base tokens) and a long prompt. */
const DEFAULT_CONTEXT = 8192;

/**
 * From what a user named to a loaded model: pulled if it is missing, its header checked, and a file of unknown origin
 * first tried in a process of its own.
 *
 * @throws ConfigError, ModelFileError, DownloadError, EngineError
 */
export async function openGgufModel(
  reference: string,
  machine: Machine,
  settings: ModelSettings,
): Promise<LlamaCppModel> {
  const { progress, signal, context = DEFAULT_CONTEXT, gpuLayers = -1, repack = false, parallel = 1 } = settings;
  const parsed = parseModelReference(reference);
  const path = await pullModel(reference, { progress: progress?.pull, signal });
  const id = parsed.kind === 'catalogue' ? parsed.model.name : basename(path, '.gguf');
  const loaded = progress?.load?.(id);
  try {
    const header = await checkGgufFile(path);
    if (parsed.kind !== 'catalogue') await assertLoads(path, { backend: machine.library.location.backend, signal });
    return await machine.engine.openLlamaCppModel(machine.library, {
      path,
      id,
      lane: machine.lane,
      contextLength: context,
      gpuLayers,
      repack,
      keyValueType: settings.kvType,
      sequences: parallel,
      controlCandidates: controlCandidates(header),
    });
  } finally {
    loaded?.();
  }
}

/** @throws ConfigError when the user asked for more context than the model has */
export function assertContext(model: LanguageModel, { context }: ModelSettings): void {
  const { contextLength } = model.info;
  if (context === undefined || context <= contextLength) return;
  throw new ConfigError(
    'bad-context',
    `--context ${context} is more than the ${contextLength} tokens that ${model.id} was trained for: use at most ${contextLength}.`,
  );
}
