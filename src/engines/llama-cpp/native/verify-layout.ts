import { EngineError } from '../../../core/errors.ts';
import type { ContextParams, ModelParams, ThreadpoolParams } from './structs.ts';

type Scalars<T> = { readonly [K in keyof T]?: T[K] };

/** The library's own defaults, from llama_model_default_params() and llama_context_default_params() of v0.5.0. */
const MODEL_DEFAULTS: Scalars<ModelParams> = {
  devices: null,
  tensor_buft_overrides: null,
  n_gpu_layers: -1,
  split_mode: 1,
  load_mode: -1,
  lazy_mode: 1,
  main_gpu: 0,
  tensor_split: null,
  progress_callback: null,
  progress_callback_user_data: null,
  kv_overrides: null,
  vocab_only: false,
  check_tensors: false,
  use_extra_bufts: true,
  no_host: false,
  no_alloc: false,
  load_mtp: false,
};

const CONTEXT_DEFAULTS: Scalars<ContextParams> = {
  n_ctx: 512,
  n_batch: 2048,
  n_ubatch: 512,
  n_seq_max: 1,
  n_rs_seq: 0,
  n_outputs_max: 0,
  n_outputs_max_per_seq: 1,
  n_threads: 4,
  n_threads_batch: 4,
  ctx_type: 0,
  rope_scaling_type: -1,
  pooling_type: -1,
  attention_type: -1,
  flash_attn_type: -1,
  rope_freq_base: 0,
  rope_freq_scale: 0,
  yarn_ext_factor: -1,
  yarn_attn_factor: -1,
  yarn_beta_fast: -1,
  yarn_beta_slow: -1,
  yarn_orig_ctx: 0,
  defrag_thold: -1,
  cb_eval: null,
  cb_eval_user_data: null,
  type_k: 1,
  type_v: 1,
  abort_callback: null,
  abort_callback_data: null,
  embeddings: false,
  offload_kqv: true,
  no_perf: true,
  op_offload: true,
  swa_full: true,
  kv_unified: false,
  samplers: null,
  n_samplers: 0,
  ctx_other: null,
};

/** For ggml_threadpool_params_default(3). */
const THREADPOOL_DEFAULTS: Scalars<ThreadpoolParams> = {
  n_threads: 3,
  prio: 0,
  poll: 50,
  strict_cpu: false,
  paused: false,
};

/**
 * An FFI layer with a wrong layout corrupts memory silently, so every field of every default struct must be what this
 * version's source says.
 *
 * @throws EngineError that names the first field that differs
 */
export function verifyLayout(defaults: {
  readonly model: ModelParams;
  readonly context: ContextParams;
  readonly threadpoolOfThree: ThreadpoolParams;
}): void {
  compare('llama_model_params', defaults.model, MODEL_DEFAULTS);
  compare('llama_context_params', defaults.context, CONTEXT_DEFAULTS);
  compare('ggml_threadpool_params', defaults.threadpoolOfThree, THREADPOOL_DEFAULTS);
}

function compare<T extends object>(struct: string, actual: T, expected: Scalars<T>): void {
  for (const field of Object.keys(expected) as (keyof T & string)[]) {
    if (Object.is(actual[field], expected[field])) continue;
    throw new EngineError(
      'llama.cpp',
      'library-layout',
      `The llama.cpp library does not fit this wellbegun: ${struct}.${field} is ${String(actual[field])} where ${String(expected[field])} was expected. Run "npm ci" to install the pinned library.`,
    );
  }
}
