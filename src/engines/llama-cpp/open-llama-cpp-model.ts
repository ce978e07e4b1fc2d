import { PassTimes } from '../../core/speculation/pass-times.ts';
import { type ContextOptions, type KeyValueType, LlamaContext } from './llama-context.ts';
import { LlamaCppModel } from './llama-cpp-model.ts';
import { assertDecoder, loadModel, type ModelFileOptions } from './load-model.ts';
import { createRowReader } from './log-softmax/row-reader.ts';
import { modelInfo } from './model-info.ts';
import type { ComputeLane } from './native/compute-lane.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';
import { Scheduler } from './scheduler.ts';
import { Vocabulary } from './vocabulary.ts';

export interface LlamaCppOptions extends ModelFileOptions {
  readonly id: string;
  readonly lane: ComputeLane;
  /** Tokens of context; cut to what the model was trained for. */
  readonly contextLength: number;
  /**
   * Sequences kept in the KV cache at once: requests under way, and conversations that may go on. They share the
   * context's cells, and each forward pass walks over the cells of all, so one is fastest for one request at a time.
   */
  readonly sequences: number;
  /** Number format of the KV cache. Default: f16. */
  readonly keyValueType?: KeyValueType | undefined;
  /** Ids of tokens that the file says, or whose text looks like, control tokens. */
  readonly controlCandidates: Iterable<number>;
}

const BATCH_TOKENS = 512;
/** A row is 4 bytes a vocabulary entry: 32 rows of Gemma's 262,144 are 32 MiB. */
const BATCH_ROWS = 32;

/**
 * Loads a GGUF file with llama.cpp, off the event loop.
 *
 * @throws ModelFileError when llama.cpp refuses the file, EngineError when there is no memory for its context
 */
export async function openLlamaCppModel(library: LlamaLibrary, options: LlamaCppOptions): Promise<LlamaCppModel> {
  const model = await loadModel(library, options);
  try {
    assertDecoder(library, model, options.path);
    return await openContext(library, model, options);
  } catch (error) {
    library.modelFree(model);
    throw error;
  }
}

async function openContext(library: LlamaLibrary, model: Pointer, options: LlamaCppOptions): Promise<LlamaCppModel> {
  const vocabulary = new Vocabulary(library, library.modelVocab(model), options.controlCandidates);
  const contextLength = Math.min(options.contextLength, library.modelContextLength(model));
  const contextOptions: ContextOptions = {
    contextLength,
    sequences: options.sequences,
    // llama.cpp cuts its batch to the context too, and ends the process on a longer one.
    batchTokens: Math.min(BATCH_TOKENS, contextLength),
    batchRows: BATCH_ROWS,
    ...(options.keyValueType && { keyValueType: options.keyValueType }),
  };
  const context = await LlamaContext.open(library, model, options.lane, contextOptions);
  const canShare = !library.modelIsRecurrent(model) && !library.modelIsHybrid(model);
  const passTimes = new PassTimes();
  return new LlamaCppModel({
    id: options.id,
    info: modelInfo(library, model, vocabulary, contextLength),
    library,
    model,
    vocabulary,
    context,
    scheduler: new Scheduler(context, contextOptions, { canShare, passTimes }),
    rows: createRowReader(vocabulary.size),
    passTimes,
    batchRows: BATCH_ROWS,
  });
}
