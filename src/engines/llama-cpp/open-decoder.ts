import type { ModelInfo } from '../../core/language-model.ts';
import { type ContextOptions, type KeyValueType, LlamaContext } from './llama-context.ts';
import { assertDecoder, loadAdapter, loadModel, type ModelFileOptions, usesGpu } from './load-model.ts';
import { modelInfo } from './model-info.ts';
import type { ComputeLane } from './native/compute-lane.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';
import { openReproducibleContext, type PassNumbers } from './open-reproducible-context.ts';
import { mayLeaveOutLogits } from './rows-on-demand/index.ts';
import { type ForwardPasses, Scheduler, type SchedulerParts } from './scheduler.ts';
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
  /**
   * True: the same request gives the same numbers to the last bit, whatever was computed before it or is computed beside
   * it. Each sequence then has `contextLength` cells of its own. On the CPU only. Default: false.
   */
  readonly reproducible?: boolean | undefined;
  /** Number format of the KV cache. Default: f16. */
  readonly keyValueType?: KeyValueType | undefined;
  /** Ids of tokens that the file says, or whose text looks like, control tokens. */
  readonly controlCandidates: Iterable<number>;
}

/** What every model in the process has, decoder or encoder. */
export interface NativeModelParts {
  readonly id: string;
  readonly info: ModelInfo;
  readonly library: LlamaLibrary;
  readonly model: Pointer;
  readonly vocabulary: Vocabulary;
  readonly context: LlamaContext;
  /** Whether its passes may give states: see `rows-on-demand/`. */
  readonly givesStates?: boolean;
  /** Whether its numbers must be the same to the last bit in any pass. */
  readonly reproducible?: boolean;
}

/** Begins the one loop of a model's forward passes. */
export type Schedule = (passes: ForwardPasses, parts?: Omit<SchedulerParts, 'leastShared'>) => Scheduler;

const BATCH_TOKENS = 512;
/**
 * From 64 tokens on, the CPU computes attention in tiles, which rounds otherwise. Where requests share passes, smaller
 * parts keep a response from depending on who else is there; a long prompt is read a fifth slower (docs/decisions/0005).
 */
const PART_TOKENS = 48;
/** Reading fewer tokens takes no longer than copying all cells of a text, which is how those with own cells share. */
const WORTH_COPYING = 64;
/** Most rows of one pass. One is 4 bytes a vocabulary entry: 32 rows of Gemma's 262,144 are 32 MiB. */
export const BATCH_ROWS = 32;

/**
 * Loads a decoder from a GGUF file with llama.cpp, off the event loop.
 *
 * @param gives what its passes are for: rows of logits, or what pooling leaves
 * @param make what is made of it
 * @throws ModelFileError when llama.cpp refuses the file, EngineError when there is no memory for its context
 */
export async function openDecoder<Model>(
  library: LlamaLibrary,
  options: LlamaCppOptions,
  gives: Pick<ContextOptions, 'pooling'> | 'rows',
  make: (parts: NativeModelParts, schedule: Schedule) => Model | Promise<Model>,
): Promise<Model> {
  const model = await loadModel(library, options);
  let context: LlamaContext | undefined;
  try {
    assertDecoder(library, model, options.path);
    const vocabulary = new Vocabulary(library, model, options.controlCandidates);
    const { reproducible = false, sequences, lane } = options;
    const canBeCut = !library.modelIsRecurrent(model) && !library.modelIsHybrid(model);
    const leastShared = canBeCut ? (reproducible ? WORTH_COPYING : 1) : Infinity;
    // Of several sequences of a recurrent model, llama.cpp computes the tokens in another order than that of the batch.
    const inOrder = canBeCut || sequences === 1;
    const adapter = options.adapter && (await loadAdapter(library, model, options.adapter));
    const contextOptions = {
      ...contextOptionsOf(library, model, options),
      keepsWindows: canBeCut && !reproducible && sequences > 1 && library.modelWindow(model) > 0,
      ...(adapter && { adapter }),
      // Rows made on demand know nothing of an adapter on the output matrix.
      ...(gives === 'rows'
        ? { givesStates: !adapter && inOrder && mayLeaveOutLogits(library, model, options) }
        : gives),
    };
    context = reproducible
      ? await openReproducibleContext(library, model, lane, contextOptions, numbersOf(library, model, gives))
      : await LlamaContext.open(library, model, lane, contextOptions);
    const { options: opened } = context;
    const info = modelInfo(library, model, vocabulary, contextOptions.contextLength);
    return await make(
      {
        id: options.id,
        info,
        library,
        model,
        vocabulary,
        context,
        ...(context.options.givesStates && { givesStates: true }),
        reproducible,
      },
      (passes, parts) => new Scheduler(passes, opened, { leastShared, ...parts }),
    );
  } catch (error) {
    context?.close();
    library.modelFree(model);
    throw error;
  }
}

/** What is read of a pass: logits, or hidden states. */
function numbersOf(
  library: LlamaLibrary,
  model: Pointer,
  gives: Pick<ContextOptions, 'pooling'> | 'rows',
): PassNumbers {
  if (gives === 'rows') return { read: (context, index) => context.row(index) };
  const size = library.modelHiddenSize(model);
  return {
    ask: (context) => context.giveHiddenStates(true),
    read: (context, index) => context.hiddenState(index, size),
  };
}

function contextOptionsOf(library: LlamaLibrary, model: Pointer, options: LlamaCppOptions): ContextOptions {
  const contextLength = Math.min(options.contextLength, library.modelContextLength(model));
  const inParts = options.sequences > 1 && !options.reproducible && !usesGpu(library, options.gpuLayers);
  return {
    contextLength,
    sequences: options.sequences,
    // llama.cpp cuts its batch to the context too, and ends the process on a longer one.
    batchTokens: Math.min(BATCH_TOKENS, contextLength),
    batchRows: BATCH_ROWS,
    ...(inParts && { partTokens: PART_TOKENS }),
    ...(options.keyValueType && { keyValueType: options.keyValueType }),
  };
}
