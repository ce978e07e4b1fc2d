import { ModelFileError } from '../../../core/errors.ts';
import { type ContextOptions, LlamaContext } from '../llama-context.ts';
import { assertDecoder, loadModel } from '../load-model.ts';
import { modelInfo } from '../model-info.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { LlamaCppOptions } from '../open-llama-cpp-model.ts';
import { Scheduler } from '../scheduler.ts';
import { Vocabulary } from '../vocabulary.ts';
import { HeadScorer } from './head-scorer.ts';
import { HiddenStateContext } from './hidden-state-context.ts';
import type { RewardHead } from './reward-head.ts';

export interface HeadScorerOptions extends LlamaCppOptions {
  readonly head: RewardHead;
}

const BATCH_TOKENS = 512;
/** Tokens whose hidden states, and logits, one pass may give. */
const BATCH_ROWS = 32;

/**
 * Loads a decoder with a reward head, off the event loop.
 *
 * @throws ModelFileError when llama.cpp refuses the file or the head does not fit, EngineError when memory is short
 */
export async function openHeadScorer(library: LlamaLibrary, options: HeadScorerOptions): Promise<HeadScorer> {
  const model = await loadModel(library, options);
  try {
    assertDecoder(library, model, options.path);
    assertHeadFits(library.modelHiddenSize(model), options);
    return await openContext(library, model, options);
  } catch (error) {
    library.modelFree(model);
    throw error;
  }
}

async function openContext(library: LlamaLibrary, model: Pointer, options: HeadScorerOptions): Promise<HeadScorer> {
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
  const hiddenStates = new HiddenStateContext(context, library.modelHiddenSize(model), BATCH_ROWS);
  const canShare = !library.modelIsRecurrent(model) && !library.modelIsHybrid(model);
  return new HeadScorer({
    id: options.id,
    info: modelInfo(library, model, vocabulary, contextLength),
    library,
    model,
    vocabulary,
    context,
    hiddenStates,
    scheduler: new Scheduler(hiddenStates, contextOptions, { canShare }),
    head: options.head,
  });
}

function assertHeadFits(size: number, { path, head }: HeadScorerOptions): void {
  if (head.weight.length === size) return;
  throw new ModelFileError(
    'head-does-not-fit',
    `The reward head has ${head.weight.length} weights, where the hidden states of ${path} have ${size} numbers: give the head that was trained on this model.`,
  );
}
