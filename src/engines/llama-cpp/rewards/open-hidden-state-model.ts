import { type ContextOptions, LlamaContext } from '../llama-context.ts';
import { assertDecoder, loadModel } from '../load-model.ts';
import { modelInfo } from '../model-info.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { LlamaCppOptions } from '../open-llama-cpp-model.ts';
import { Scheduler } from '../scheduler.ts';
import { Vocabulary } from '../vocabulary.ts';
import { HiddenStateContext } from './hidden-state-context.ts';
import { HiddenStateModel } from './hidden-state-model.ts';

const BATCH_TOKENS = 512;
/** Tokens whose hidden states, and logits, one pass may give. */
const BATCH_ROWS = 32;

/**
 * Loads a decoder for its hidden states, off the event loop.
 *
 * @throws ModelFileError when llama.cpp refuses the file, EngineError when there is no memory for its context
 */
export async function openHiddenStateModel(library: LlamaLibrary, options: LlamaCppOptions): Promise<HiddenStateModel> {
  const model = await loadModel(library, options);
  try {
    assertDecoder(library, model, options.path);
    return await openContext(library, model, options);
  } catch (error) {
    library.modelFree(model);
    throw error;
  }
}

async function openContext(library: LlamaLibrary, model: Pointer, options: LlamaCppOptions): Promise<HiddenStateModel> {
  const vocabulary = new Vocabulary(library, library.modelVocab(model), options.controlCandidates);
  const contextLength = Math.min(options.contextLength, library.modelContextLength(model));
  const contextOptions: ContextOptions = {
    contextLength,
    sequences: options.sequences,
    batchTokens: Math.min(BATCH_TOKENS, contextLength),
    batchRows: BATCH_ROWS,
    pooling: 'none',
  };
  const context = await LlamaContext.open(library, model, options.lane, contextOptions);
  const hiddenSize = library.modelHiddenSize(model);
  const hiddenStates = new HiddenStateContext(context, hiddenSize, BATCH_ROWS);
  const canShare = !library.modelIsRecurrent(model) && !library.modelIsHybrid(model);
  return new HiddenStateModel({
    id: options.id,
    info: modelInfo(library, model, vocabulary, contextLength),
    library,
    model,
    hiddenSize,
    vocabulary,
    context,
    hiddenStates,
    scheduler: new Scheduler(hiddenStates, contextOptions, { canShare }),
  });
}
