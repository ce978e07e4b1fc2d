import koffi, { type LibraryHandle } from 'koffi';
import { EngineError } from '../../../core/errors.ts';
import { deviceList } from './devices.ts';
import { bindGraphFunctions } from './graph-functions.ts';
import { type LibraryLocation, locateLibrary } from './library-location.ts';
import { LOG_CALLBACK, NativeLog } from './native-log.ts';
import {
  CONTEXT_PARAMS,
  type ContextParams,
  MODEL_PARAMS,
  type ModelParams,
  SAMPLER_CHAIN_PARAMS,
  THREADPOOL_PARAMS,
  type ThreadpoolParams,
} from './structs.ts';
import type { Pointer } from './pointer.ts';
import { verifyLayout } from './verify-layout.ts';

export type { Pointer };

/** The part of llama.cpp's C API that is used, under its own names (without `llama_`). */
export type LlamaLibrary = ReturnType<typeof bind> & { readonly location: LibraryLocation; readonly log: NativeLog };

let opened: LlamaLibrary | undefined;

/**
 * Opens libllama once per process: the first build that is asked for stays.
 *
 * @param location default: the best that is installed, untried
 * @throws EngineError when it is missing, can't be loaded, or has another layout than ours
 */
export function openLibrary(location?: LibraryLocation): LlamaLibrary {
  return (opened ??= open(location ?? locateLibrary()));
}

/** What a tokenizer's pattern may need aside as well: koffi runs native functions on stacks of its own. */
const { sync_stack_size: STACK_BYTES = 2 << 20 } = koffi.config();

function open(location: LibraryLocation): LlamaLibrary {
  koffi.config({ async_stack_size: STACK_BYTES });
  const log = new NativeLog();
  const library = loadable(location, () => bind(location, log));
  verifyLayout({
    model: library.modelDefaultParams(),
    context: library.contextDefaultParams(),
    threadpoolOfThree: library.threadpoolDefaultParams(3),
  });
  return Object.assign(library, { location, log });
}

function loadable<T>({ variant, llama }: LibraryLocation, load: () => T): T {
  try {
    return load();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      'llama.cpp',
      'library-unloadable',
      `The llama.cpp library ${llama} can't be loaded (${reason}): install @node-llama-cpp/${variant} anew, and the system libraries that this names.`,
      { cause },
    );
  }
}

function bind(location: LibraryLocation, log: NativeLog) {
  const global = { global: true };
  const base = koffi.load(location.ggmlBase, global);
  const ggml = koffi.load(location.ggml, global);
  const llama = koffi.load(location.llama, global);
  const { symbol, asyncSymbol } = symbolsOf(llama);

  const setLog = symbol('llama_log_set', 'void', [koffi.pointer(LOG_CALLBACK), 'void *']);
  setLog(log.callback, null);
  ggml.func('void ggml_backend_load_all_from_path(const char *)')(location.directory);
  symbol('llama_backend_init', 'void', [])();

  return {
    devices: deviceList(base, ggml),
    version: symbol('llama_version', 'const char *', []) as () => string,
    ...modelFunctions(symbol, asyncSymbol),
    ...vocabFunctions(symbol, asyncSymbol),
    ...contextFunctions(symbol, asyncSymbol),
    ...samplerFunctions(symbol),
    ...threadpoolFunctions(base, ggml),
    graphs: bindGraphFunctions(base, ggml),
  };
}

type TypeSpec = Parameters<typeof koffi.sizeof>[0];
type KoffiFunction = ReturnType<LibraryHandle['func']>;
type NativeFunction = (...args: readonly unknown[]) => unknown;
type Symbols = ReturnType<typeof symbolsOf>;

function symbolsOf(library: LibraryHandle) {
  const symbol = (name: string, result: TypeSpec, parameters: TypeSpec[]) =>
    library.func(name, result, parameters) as unknown as NativeFunction;
  const asyncSymbol = (name: string, result: TypeSpec, parameters: TypeSpec[]) =>
    offMainThread(library.func(name, result, parameters));
  return { symbol, asyncSymbol };
}

/** Runs a native function on a worker thread. */
function offMainThread(native: KoffiFunction) {
  return (...args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      native.async(...args, (error: unknown, result: unknown) => {
        if (error) reject(error instanceof Error ? error : new Error('a native call failed', { cause: error }));
        else resolve(result);
      });
    });
}

const METADATA_BYTES = 256;

function modelFunctions(symbol: Symbols['symbol'], asyncSymbol: Symbols['asyncSymbol']) {
  const metadata = symbol('llama_model_meta_val_str', 'int32_t', ['void *', 'str', 'void *', 'size_t']) as (
    model: Pointer,
    key: string,
    value: Buffer,
    bytes: number,
  ) => number;
  return {
    /** A text of the file's header, of which at most 255 bytes are read; undefined where there is none. */
    modelText(model: Pointer, key: string): string | undefined {
      const value = Buffer.alloc(METADATA_BYTES);
      const length = metadata(model, key, value, METADATA_BYTES);
      return length < 0 ? undefined : value.toString('utf8', 0, Math.min(length, METADATA_BYTES - 1));
    },
    modelDefaultParams: symbol('llama_model_default_params', MODEL_PARAMS, []) as () => ModelParams,
    modelLoad: asyncSymbol('llama_model_load_from_file', 'void *', ['str', MODEL_PARAMS]) as (
      path: string,
      params: ModelParams,
    ) => Promise<Pointer | null>,
    modelFree: symbol('llama_model_free', 'void', ['void *']) as (model: Pointer) => void,
    /** The adapter is freed with its model. Null where llama.cpp refuses it. */
    adapterLoad: asyncSymbol('llama_adapter_lora_init', 'void *', ['void *', 'str']) as (
      model: Pointer,
      path: string,
    ) => Promise<Pointer | null>,
    modelContextLength: symbol('llama_model_n_ctx_train', 'int32_t', ['void *']) as (model: Pointer) => number,
    /** Tokens; 0 where no layer has a sliding window. */
    modelWindow: symbol('llama_model_n_swa', 'int32_t', ['void *']) as (model: Pointer) => number,
    modelVocab: symbol('llama_model_get_vocab', 'void *', ['void *']) as (model: Pointer) => Pointer,
    modelChatTemplate: symbol('llama_model_chat_template', 'const char *', ['void *', 'const char *']) as (
      model: Pointer,
      name: null,
    ) => string | null,
    modelHasEncoder: symbol('llama_model_has_encoder', 'bool', ['void *']) as (model: Pointer) => boolean,
    modelIsRecurrent: symbol('llama_model_is_recurrent', 'bool', ['void *']) as (model: Pointer) => boolean,
    modelIsHybrid: symbol('llama_model_is_hybrid', 'bool', ['void *']) as (model: Pointer) => boolean,
    modelParameters: symbol('llama_model_n_params', 'uint64_t', ['void *']) as (model: Pointer) => number | bigint,
    modelHiddenSize: symbol('llama_model_n_embd_out', 'int32_t', ['void *']) as (model: Pointer) => number,
    modelClassCount: symbol('llama_model_n_cls_out', 'uint32_t', ['void *']) as (model: Pointer) => number,
    /** Null where the file names no classes. */
    modelClassLabel: symbol('llama_model_cls_label', 'const char *', ['void *', 'uint32_t']) as (
      model: Pointer,
      index: number,
    ) => string | null,
  };
}

const TOKENIZE: TypeSpec[] = ['void *', 'void *', 'int32_t', 'void *', 'int32_t', 'bool', 'bool'];

type Tokenize<Count> = (
  vocab: Pointer,
  text: Uint8Array,
  textLength: number,
  tokens: Int32Array,
  maxTokens: number,
  addSpecial: boolean,
  parseSpecial: boolean,
) => Count;

function vocabFunctions(symbol: Symbols['symbol'], asyncSymbol: Symbols['asyncSymbol']) {
  return {
    vocabType: symbol('llama_vocab_type', 'int', ['void *']) as (vocab: Pointer) => number,
    vocabSize: symbol('llama_vocab_n_tokens', 'int32_t', ['void *']) as (vocab: Pointer) => number,
    vocabText: symbol('llama_vocab_get_text', 'const char *', ['void *', 'int32_t']) as (
      vocab: Pointer,
      token: number,
    ) => string,
    vocabBos: symbol('llama_vocab_bos', 'int32_t', ['void *']) as (vocab: Pointer) => number,
    vocabEos: symbol('llama_vocab_eos', 'int32_t', ['void *']) as (vocab: Pointer) => number,
    vocabSeparator: symbol('llama_vocab_sep', 'int32_t', ['void *']) as (vocab: Pointer) => number,
    vocabAddsBos: symbol('llama_vocab_get_add_bos', 'bool', ['void *']) as (vocab: Pointer) => boolean,
    vocabAddsEos: symbol('llama_vocab_get_add_eos', 'bool', ['void *']) as (vocab: Pointer) => boolean,
    vocabAddsSeparator: symbol('llama_vocab_get_add_sep', 'bool', ['void *']) as (vocab: Pointer) => boolean,
    vocabIsEndOfGeneration: symbol('llama_vocab_is_eog', 'bool', ['void *', 'int32_t']) as (
      vocab: Pointer,
      token: number,
    ) => boolean,
    vocabIsControl: symbol('llama_vocab_is_control', 'bool', ['void *', 'int32_t']) as (
      vocab: Pointer,
      token: number,
    ) => boolean,
    tokenize: symbol('llama_tokenize', 'int32_t', TOKENIZE) as Tokenize<number>,
    /** The same on a worker thread. The buffers must live until it ends. */
    tokenizeAside: asyncSymbol('llama_tokenize', 'int32_t', TOKENIZE) as Tokenize<Promise<number>>,
    tokenToPiece: symbol('llama_token_to_piece', 'int32_t', [
      'void *',
      'int32_t',
      'void *',
      'int32_t',
      'int32_t',
      'bool',
    ]) as (
      vocab: Pointer,
      token: number,
      buffer: Uint8Array,
      length: number,
      lstrip: number,
      special: boolean,
    ) => number,
  };
}

function contextFunctions(symbol: Symbols['symbol'], asyncSymbol: Symbols['asyncSymbol']) {
  return {
    contextDefaultParams: symbol('llama_context_default_params', CONTEXT_PARAMS, []) as () => ContextParams,
    contextNew: asyncSymbol('llama_init_from_model', 'void *', ['void *', CONTEXT_PARAMS]) as (
      model: Pointer,
      params: ContextParams,
    ) => Promise<Pointer | null>,
    contextFree: symbol('llama_free', 'void', ['void *']) as (context: Pointer) => void,
    /** Not 0 where it refuses. The arrays are copied. */
    setAdapters: symbol('llama_set_adapters_lora', 'int32_t', ['void *', 'void **', 'size_t', 'float *']) as (
      context: Pointer,
      adapters: readonly Pointer[],
      count: number,
      scales: readonly number[],
    ) => number,
    contextMemory: symbol('llama_get_memory', 'void *', ['void *']) as (context: Pointer) => Pointer,
    attachThreadpool: symbol('llama_attach_threadpool', 'void', ['void *', 'void *', 'void *']) as (
      context: Pointer,
      threadpool: Pointer,
      batchThreadpool: Pointer,
    ) => void,
    detachThreadpool: symbol('llama_detach_threadpool', 'void', ['void *']) as (context: Pointer) => void,
    logitsRow: symbol('llama_get_logits_ith', 'void *', ['void *', 'int32_t']) as (
      context: Pointer,
      index: number,
    ) => Pointer | null,
    setEmbeddings: symbol('llama_set_embeddings', 'void', ['void *', 'bool']) as (
      context: Pointer,
      embeddings: boolean,
    ) => void,
    /** The hidden state after a batch entry: [hidden size] floats. */
    embeddingsRow: symbol('llama_get_embeddings_ith', 'void *', ['void *', 'int32_t']) as (
      context: Pointer,
      index: number,
    ) => Pointer | null,
    /** What the pooling made of a sequence: with `rank`, [class count] floats. */
    embeddingsOfSequence: symbol('llama_get_embeddings_seq', 'void *', ['void *', 'int32_t']) as (
      context: Pointer,
      sequence: number,
    ) => Pointer | null,
    memoryRemove: symbol('llama_memory_seq_rm', 'bool', ['void *', 'int32_t', 'int32_t', 'int32_t']) as (
      memory: Pointer,
      sequence: number,
      from: number,
      to: number,
    ) => boolean,
    memoryCopy: symbol('llama_memory_seq_cp', 'void', ['void *', 'int32_t', 'int32_t', 'int32_t', 'int32_t']) as (
      memory: Pointer,
      source: number,
      target: number,
      from: number,
      to: number,
    ) => void,
  };
}

function samplerFunctions(symbol: Symbols['symbol']) {
  const sampler = (name: string, parameters: TypeSpec[]) => symbol(`llama_sampler_${name}`, 'void *', parameters);
  return {
    chainNew: sampler('chain_init', [SAMPLER_CHAIN_PARAMS]) as (params: { no_perf: boolean }) => Pointer,
    chainAdd: symbol('llama_sampler_chain_add', 'void', ['void *', 'void *']) as (
      chain: Pointer,
      link: Pointer,
    ) => void,
    samplerFree: symbol('llama_sampler_free', 'void', ['void *']) as (chain: Pointer) => void,
    samplerAccept: symbol('llama_sampler_accept', 'void', ['void *', 'int32_t']) as (
      chain: Pointer,
      token: number,
    ) => void,
    samplerSample: symbol('llama_sampler_sample', 'int32_t', ['void *', 'void *', 'int32_t']) as (
      chain: Pointer,
      context: Pointer,
      index: number,
    ) => number,
    samplerGreedy: sampler('init_greedy', []) as () => Pointer,
    samplerDistribution: sampler('init_dist', ['uint32_t']) as (seed: number) => Pointer,
    samplerTopK: sampler('init_top_k', ['int32_t']) as (k: number) => Pointer,
    samplerTopP: sampler('init_top_p', ['float', 'size_t']) as (p: number, minKeep: number) => Pointer,
    samplerMinP: sampler('init_min_p', ['float', 'size_t']) as (p: number, minKeep: number) => Pointer,
    samplerTemperature: sampler('init_temp', ['float']) as (temperature: number) => Pointer,
    samplerPenalties: sampler('init_penalties', ['int32_t', 'int32_t', 'float', 'float', 'float']) as (
      vocabularySize: number,
      lastN: number,
      repeat: number,
      frequency: number,
      presence: number,
    ) => Pointer,
  };
}

/** The CPU backend is a library of its own, chosen at run time for this processor: its functions are asked for by name. */
function threadpoolFunctions(base: LibraryHandle, ggml: LibraryHandle) {
  const registry = ggml.func('void *ggml_backend_reg_by_name(const char *)')('CPU') as Pointer | null;
  const addressOf = base.func(
    'void *ggml_backend_reg_get_proc_address(void *, const char *)',
  ) as unknown as NativeFunction;
  const newType = koffi.proto('ggml_threadpool_new_t', 'void *', [koffi.pointer(THREADPOOL_PARAMS)]);
  const freeType = koffi.proto('ggml_threadpool_free_t', 'void', ['void *']);
  return {
    threadpoolDefaultParams: base.func('ggml_threadpool_params_default', THREADPOOL_PARAMS, ['int']) as unknown as (
      threads: number,
    ) => ThreadpoolParams,
    /** Null where the library has no CPU backend to ask. */
    threadpoolNew(params: ThreadpoolParams): Pointer | null {
      const create = registry && addressOf(registry, 'ggml_threadpool_new');
      return create ? (koffi.call(create, newType, params) as Pointer) : null;
    },
    threadpoolFree(threadpool: Pointer): void {
      const free = registry && addressOf(registry, 'ggml_threadpool_free');
      if (free) koffi.call(free, freeType, threadpool);
    },
  };
}
