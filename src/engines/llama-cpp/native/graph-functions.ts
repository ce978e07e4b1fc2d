import koffi, { type LibraryHandle } from 'koffi';
import type { Pointer } from './pointer.ts';
import { GRAPH_CONTEXT_PARAMS } from './structs.ts';

/** GGML_TYPE_F32. */
export const F32 = 0;
/** GGML_BACKEND_DEVICE_TYPE_CPU. */
const CPU_DEVICE = 0;

const SET_THREADS = koffi.proto('void wellbegun_set_n_threads(void *backend, int threads)');
const SET_THREADPOOL = koffi.proto('void wellbegun_set_threadpool(void *backend, void *threadpool)');

/** The part of a ggml_tensor that is looked into, as in ggml/include/ggml.h of llama.cpp v0.5.0. */
export const TENSOR = koffi.struct('ggml_tensor_beginning', {
  type: 'int32_t',
  buffer: 'void *',
  ne: koffi.array('int64_t', 4, 'Array'),
  nb: koffi.array('size_t', 4, 'Array'),
  op: 'int32_t',
  op_params: koffi.array('int32_t', 16, 'Array'),
  flags: 'int32_t',
  src: koffi.array('void *', 10, 'Array'),
});

export type GraphFunctions = ReturnType<typeof bindGraphFunctions>;

/** The part of ggml's C API that makes small graphs and computes them on the CPU, in our words. */
export function bindGraphFunctions(base: LibraryHandle, ggml: LibraryHandle) {
  const bind = (declaration: string): unknown => base.func(declaration);
  const registry = ggml.func('void *ggml_backend_reg_by_name(const char *)')('CPU') as Pointer | null;
  const addressOf = bind('void *ggml_backend_reg_get_proc_address(void *, const char *)') as (
    registry: Pointer,
    name: string,
  ) => Pointer | null;
  const initByType = ggml.func('void *ggml_backend_init_by_type(int, const char *)') as unknown as (
    type: number,
    params: null,
  ) => Pointer | null;
  const init = base.func('ggml_init', 'void *', [GRAPH_CONTEXT_PARAMS]) as unknown as (
    params: object,
  ) => Pointer | null;

  return {
    /** Room for tensors, and for their data unless that is put elsewhere; null where there is no memory. */
    init: (bytes: number, { withData = true } = {}) => init({ mem_size: bytes, mem_buffer: null, no_alloc: !withData }),
    reset: bind('void ggml_reset(void *)') as (context: Pointer) => void,
    free: bind('void ggml_free(void *)') as (context: Pointer) => void,
    tensorOverhead: bind('size_t ggml_tensor_overhead()') as () => number,
    graphOverhead: bind('size_t ggml_graph_overhead()') as () => number,
    newTensor2d: bind('void *ggml_new_tensor_2d(void *, int, int64_t, int64_t)') as (
      context: Pointer,
      type: number,
      columns: number,
      rows: number,
    ) => Pointer,
    /** Rows of a matrix without copying them; `offset` in bytes. */
    view2d: bind('void *ggml_view_2d(void *, void *, int64_t, int64_t, size_t, size_t)') as (
      context: Pointer,
      of: Pointer,
      columns: number,
      rows: number,
      rowBytes: number,
      offset: number,
    ) => Pointer,
    multiply: bind('void *ggml_mul_mat(void *, void *, void *)') as (
      context: Pointer,
      matrix: Pointer,
      vectors: Pointer,
    ) => Pointer,
    newGraph: bind('void *ggml_new_graph(void *)') as (context: Pointer) => Pointer,
    expand: bind('void ggml_build_forward_expand(void *, void *)') as (graph: Pointer, tensor: Pointer) => void,
    dataOf: bind('void *ggml_get_data(void *)') as (tensor: Pointer) => Pointer,
    nameOf: bind('const char *ggml_get_name(void *)') as (tensor: Pointer) => string,
    /** A CPU backend that computes with the threads of a pool; null where the library has none. */
    openBackend(threads: number, threadpool: Pointer): Pointer | null {
      const backend = initByType(CPU_DEVICE, null);
      const setThreads = registry && addressOf(registry, 'ggml_backend_set_n_threads');
      const setThreadpool = registry && addressOf(registry, 'ggml_backend_cpu_set_threadpool');
      if (!backend || !setThreads || !setThreadpool) return null;
      koffi.call(setThreads, SET_THREADS, backend, threads);
      koffi.call(setThreadpool, SET_THREADPOOL, backend, threadpool);
      return backend;
    },
    closeBackend: bind('void ggml_backend_free(void *)') as (backend: Pointer) => void,
  };
}
