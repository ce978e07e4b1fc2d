import koffi from 'koffi';
import type { LibraryLocation } from './library-location.ts';
import type { Pointer } from './llama-library.ts';
import { GRAPH_CONTEXT_PARAMS } from './structs.ts';

/** Matrices in ggml's order: rows of `width` numbers, one after another. */
export interface Product {
  readonly width: number;
  readonly weights: Float32Array;
  /** Its rows are normalised (RMS) before they are multiplied with the weights. */
  readonly input: Float32Array;
}

export const RMS_EPSILON = 1e-6;

/** GGML_TYPE_F32. */
const F32 = 0;
/** Both matrices, what becomes of them, and some to spare. */
const TENSORS = 8;

/**
 * Computes products on one device through ggml alone. A device that can't run its kernels ends the process here.
 *
 * @returns a row of products for each row of the input; undefined where the device refuses in words
 */
export function productsOn(
  location: LibraryLocation,
  deviceName: string,
  products: readonly Product[],
): (Float32Array | undefined)[] {
  const ggml = bind(location);
  const backend = ggml.openDevice(deviceName, null);
  if (backend === null) return products.map(() => undefined);
  try {
    return products.map((product) => compute(ggml, backend, product));
  } finally {
    ggml.closeDevice(backend);
  }
}

/** The part of ggml's C API that is used, in our words. */
interface Ggml {
  readonly openDevice: (name: string, params: null) => Pointer | null;
  readonly closeDevice: (backend: Pointer) => void;
  readonly newContext: (params: { mem_size: number; mem_buffer: null; no_alloc: boolean }) => Pointer;
  readonly freeContext: (context: Pointer) => void;
  readonly tensorBytes: () => number;
  readonly graphBytes: () => number;
  readonly newMatrix: (context: Pointer, type: number, width: number, rows: number) => Pointer;
  readonly normalise: (context: Pointer, input: Pointer, epsilon: number) => Pointer;
  readonly multiply: (context: Pointer, weights: Pointer, input: Pointer) => Pointer;
  readonly newGraph: (context: Pointer) => Pointer;
  readonly addToGraph: (graph: Pointer, result: Pointer) => void;
  readonly allocate: (context: Pointer, backend: Pointer) => Pointer | null;
  readonly freeBuffer: (buffer: Pointer) => void;
  readonly write: (tensor: Pointer, data: Float32Array, offset: number, bytes: number) => void;
  readonly read: (tensor: Pointer, data: Float32Array, offset: number, bytes: number) => void;
  /** 0 when it went well. */
  readonly compute: (backend: Pointer, graph: Pointer) => number;
}

function bind(location: LibraryLocation): Ggml {
  const base = koffi.load(location.ggmlBase);
  const ggml = koffi.load(location.ggml);
  return {
    openDevice: ggml.func('void *ggml_backend_init_by_name(const char *, const char *)'),
    closeDevice: base.func('void ggml_backend_free(void *)'),
    newContext: base.func('ggml_init', 'void *', [GRAPH_CONTEXT_PARAMS]),
    freeContext: base.func('void ggml_free(void *)'),
    tensorBytes: base.func('size_t ggml_tensor_overhead()'),
    graphBytes: base.func('size_t ggml_graph_overhead()'),
    newMatrix: base.func('void *ggml_new_tensor_2d(void *, int, int64_t, int64_t)'),
    normalise: base.func('void *ggml_rms_norm(void *, void *, float)'),
    multiply: base.func('void *ggml_mul_mat(void *, void *, void *)'),
    newGraph: base.func('void *ggml_new_graph(void *)'),
    addToGraph: base.func('void ggml_build_forward_expand(void *, void *)'),
    allocate: base.func('void *ggml_backend_alloc_ctx_tensors(void *, void *)'),
    freeBuffer: base.func('void ggml_backend_buffer_free(void *)'),
    write: base.func('void ggml_backend_tensor_set(void *, const void *, size_t, size_t)'),
    read: base.func('void ggml_backend_tensor_get(void *, void *, size_t, size_t)'),
    compute: base.func('int ggml_backend_graph_compute(void *, void *)'),
  };
}

function compute(ggml: Ggml, backend: Pointer, { width, weights, input }: Product): Float32Array | undefined {
  const size = TENSORS * ggml.tensorBytes() + ggml.graphBytes();
  const context = ggml.newContext({ mem_size: size, mem_buffer: null, no_alloc: true });
  const [outputs, columns] = [weights.length / width, input.length / width];
  const weightTensor = ggml.newMatrix(context, F32, width, outputs);
  const inputTensor = ggml.newMatrix(context, F32, width, columns);
  const product = ggml.multiply(context, weightTensor, ggml.normalise(context, inputTensor, RMS_EPSILON));
  const graph = ggml.newGraph(context);
  ggml.addToGraph(graph, product);
  const buffer = ggml.allocate(context, backend);
  try {
    if (buffer === null) return undefined;
    ggml.write(weightTensor, weights, 0, weights.byteLength);
    ggml.write(inputTensor, input, 0, input.byteLength);
    if (ggml.compute(backend, graph) !== 0) return undefined;
    const result = new Float32Array(outputs * columns);
    ggml.read(product, result, 0, result.byteLength);
    return result;
  } finally {
    if (buffer !== null) ggml.freeBuffer(buffer);
    ggml.freeContext(context);
  }
}
