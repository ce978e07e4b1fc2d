import { settingName } from '../core/setting-name.ts';
import { ConfigError } from '../core/errors.ts';
import type { LanguageModel } from '../core/language-model.ts';
import type { LlamaCppModel } from '../engines/llama-cpp/llama-cpp-model.ts';
import { controlCandidates } from '../models/gguf/control-candidates.ts';
import type { Machine } from './machine.ts';
import type { ModelSettings } from './model-settings.ts';
import type { ModelFile } from './model-source.ts';
import { assertLoads } from '../engines/llama-cpp/trial/model/assert-loads.ts';

/** Room for the paper's limits (512 drafted, 2048 base tokens) and a long prompt. */
const DEFAULT_CONTEXT = 8192;

/**
 * Loads a model; a file of unknown origin is first tried in a process of its own.
 *
 * @throws ModelFileError, EngineError
 */
export async function openGgufModel(
  { id, path, header, strange, adapter }: ModelFile,
  machine: Machine,
  settings: ModelSettings,
  { briefly = false }: { readonly briefly?: boolean } = {},
): Promise<LlamaCppModel> {
  const { progress, signal, context = DEFAULT_CONTEXT, gpuLayers = -1, repack = false, parallel = 1 } = settings;
  const loaded = progress?.load?.(id);
  try {
    if (strange)
      await assertLoads(path, { build: machine.library.location, gpuLayers, signal, adapter: adapter?.path });
    return await machine.engine.openLlamaCppModel(machine.library, {
      path,
      id,
      adapter,
      lane: machine.lane,
      contextLength: context,
      gpuLayers,
      repack,
      staysMapped: briefly,
      keyValueType: settings.kvType,
      reproducible: settings.reproducible,
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
    `${settingName('context')} ${context} is more than the ${contextLength} tokens that ${model.id} was trained for: use at most ${contextLength}.`,
  );
}
