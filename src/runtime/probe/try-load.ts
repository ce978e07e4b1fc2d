import { ComputeLane } from '../../engines/llama-cpp/native/compute-lane.ts';
import type { Backend } from '../../engines/llama-cpp/native/library-location.ts';
import { openLibrary } from '../../engines/llama-cpp/native/llama-library.ts';
import type { LlamaCppModel } from '../../engines/llama-cpp/llama-cpp-model.ts';
import { openLlamaCppModel } from '../../engines/llama-cpp/open-llama-cpp-model.ts';

/**
 * Loads a model, computes one token, and closes it.
 *
 * @throws WellbegunError when the file was refused in words; on some damaged files the process ends instead
 */
export async function tryLoad(path: string, backend: Backend): Promise<void> {
  const library = openLibrary(backend);
  const lane = new ComputeLane(library, 1);
  const settings = {
    path,
    id: 'probe',
    lane,
    contextLength: 256,
    gpuLayers: 0,
    repack: false,
    sequences: 8,
    controlCandidates: [],
  };
  try {
    const model = await openLlamaCppModel(library, settings);
    await computeToken(model).finally(() => model.close());
  } finally {
    await lane.close();
  }
}

async function computeToken(model: LlamaCppModel): Promise<void> {
  const bos = model.info.bosText === undefined ? [] : [{ text: model.info.bosText, control: true }];
  const prefix = await model.encode([...bos, { text: 'Hello, world.', control: false }]);
  if (prefix.length > 0) await model.generate(prefix, { temperature: 0, maxTokens: 1 }).next();
}
