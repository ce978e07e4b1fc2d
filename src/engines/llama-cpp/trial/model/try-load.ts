import { beginningOfText } from '../../../../core/beginning-of-text.ts';
import { ComputeLane } from '../../native/compute-lane.ts';
import { type Backend, locateLibrary } from '../../native/library-location.ts';
import { type LlamaLibrary, openLibrary } from '../../native/llama-library.ts';
import type { LlamaCppModel } from '../../llama-cpp-model.ts';
import type { LlamaCppOptions } from '../../open-decoder.ts';
import { openLlamaCppModel } from '../../open-llama-cpp-model.ts';
import { openEncoderScorer } from '../../rewards/open-encoder-scorer.ts';
import type { ModelPurpose } from '../../../../models/gguf/check-architecture.ts';

/**
 * Loads a model, computes one token, and closes it.
 *
 * @param begin is called when the file's turn comes
 * @throws WellbegunError when the file was refused in words; on some damaged files the process ends instead
 */
export async function tryLoad(
  path: string,
  backend: Backend,
  purpose: ModelPurpose = 'writer',
  begin?: () => void,
): Promise<void> {
  const library = openLibrary(locateLibrary(backend));
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
    begin?.();
    if (purpose === 'classifier') await classifyOnce(library, settings);
    else await writeOnce(library, settings);
  } finally {
    await lane.close();
  }
}

async function writeOnce(library: LlamaLibrary, settings: LlamaCppOptions): Promise<void> {
  const model = await openLlamaCppModel(library, settings);
  await computeToken(model).finally(() => model.close());
}

async function classifyOnce(library: LlamaLibrary, settings: LlamaCppOptions): Promise<void> {
  const model = await openEncoderScorer(library, settings);
  const tokens = await model.encode([{ text: 'Hello, world.', control: false }]);
  await (tokens.length > 0 ? model.scoreSequences([tokens]) : undefined);
  await model.close();
}

async function computeToken(model: LlamaCppModel): Promise<void> {
  const prefix = await model.encode([...beginningOfText(model.info), { text: 'Hello, world.', control: false }]);
  if (prefix.length > 0) await model.generate(prefix, { temperature: 0, maxTokens: 1 }).next();
}
