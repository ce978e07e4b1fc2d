import { ModelFileError } from '../../core/errors.ts';
import type { ModelInfo } from '../../core/language-model.ts';
import { PassTimes } from '../../core/speculation/pass-times.ts';
import { type ContextOptions, type KeyValueType, LlamaContext } from './llama-context.ts';
import { LlamaCppModel } from './llama-cpp-model.ts';
import { createRowReader } from './log-softmax/row-reader.ts';
import type { ComputeLane } from './native/compute-lane.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';
import { Scheduler } from './scheduler.ts';
import { Vocabulary } from './vocabulary.ts';

export interface LlamaCppOptions {
  /** A file whose header was checked: the native loader ends the process on some damaged ones. */
  readonly path: string;
  readonly id: string;
  readonly lane: ComputeLane;
  /** Tokens of context; cut to what the model was trained for. */
  readonly contextLength: number;
  /**
   * Sequences kept in the KV cache at once: requests under way, and conversations that may go on. They share the
   * context's cells, and each forward pass walks over the cells of all, so one is fastest for one request at a time.
   */
  readonly sequences: number;
  /** Layers on the GPU; -1 is all of them. Without a GPU backend it has no effect. */
  readonly gpuLayers: number;
  /**
   * Let llama.cpp rearrange weights for its matrix kernels. Somewhat faster on some processors, but a token's logits
   * then depend on which tokens share its forward pass: see docs/decisions/0005.
   */
  readonly repack: boolean;
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
    return await openContext(library, model, options);
  } catch (error) {
    library.modelFree(model);
    throw error;
  }
}

async function loadModel(library: LlamaLibrary, { path, gpuLayers, repack }: LlamaCppOptions): Promise<Pointer> {
  library.log.takeErrors();
  const model = await library.modelLoad(path, {
    ...library.modelDefaultParams(),
    n_gpu_layers: gpuLayers,
    use_extra_bufts: repack,
  });
  if (model === null) throw refused(path, library.log.takeErrors());
  if (library.modelHasEncoder(model) || library.modelContextLength(model) < 1) {
    library.modelFree(model);
    throw new ModelFileError(
      'not-a-decoder',
      `${path} does not hold a model that writes text: choose a decoder-only model.`,
    );
  }
  return model;
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
  return new LlamaCppModel({
    id: options.id,
    info: describe(library, model, vocabulary, contextLength),
    library,
    model,
    vocabulary,
    context,
    scheduler: new Scheduler(context, contextOptions, { canShare }),
    rows: createRowReader(vocabulary.size),
    passTimes: new PassTimes(),
    batchRows: BATCH_ROWS,
  });
}

function describe(library: LlamaLibrary, model: Pointer, vocabulary: Vocabulary, contextLength: number): ModelInfo {
  const chatTemplate = library.modelChatTemplate(model, null);
  const { size: vocabularySize, bosText, eosText, controlTexts } = vocabulary;
  return {
    contextLength,
    vocabularySize,
    controlTexts,
    ...(bosText !== undefined && { bosText }),
    ...(eosText !== undefined && { eosText }),
    ...(chatTemplate !== null && { chatTemplate }),
  };
}

function refused(path: string, errors: readonly string[]): ModelFileError {
  const architecture = errors.map((line) => /unknown model architecture: '([^']*)'/.exec(line)?.[1]).find(Boolean);
  if (architecture !== undefined) {
    return new ModelFileError(
      'unknown-architecture',
      `${path} holds a model of the architecture '${architecture}', which this llama.cpp does not know: choose another model, or a newer wellbegun.`,
    );
  }
  const reason = errors[0]?.replace(/^llama_model_load: /, '') ?? 'it gave no reason';
  return new ModelFileError(
    'refused-model',
    `llama.cpp can't load ${path} (${reason}): download it again or choose another file.`,
  );
}
