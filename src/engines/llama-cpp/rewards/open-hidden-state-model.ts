import type { LlamaLibrary } from '../native/llama-library.ts';
import { BATCH_ROWS, type LlamaCppOptions, openDecoder } from '../open-decoder.ts';
import { HiddenStateContext } from './hidden-state-context.ts';
import { HiddenStateModel } from './hidden-state-model.ts';

/**
 * Loads a decoder for its hidden states, off the event loop.
 *
 * @throws ModelFileError when llama.cpp refuses the file, EngineError when there is no memory for its context
 */
export async function openHiddenStateModel(library: LlamaLibrary, options: LlamaCppOptions): Promise<HiddenStateModel> {
  return await openDecoder(library, options, { pooling: 'none' }, (parts, schedule) => {
    const hiddenSize = library.modelHiddenSize(parts.model);
    const hiddenStates = new HiddenStateContext(parts.context, hiddenSize, BATCH_ROWS);
    return new HiddenStateModel({ ...parts, hiddenSize, hiddenStates, scheduler: schedule(hiddenStates) });
  });
}
