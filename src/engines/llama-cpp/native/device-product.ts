import koffi from 'koffi';
import { bindGraphFunctions, F32, type GraphFunctions } from './graph-functions.ts';
import type { LibraryLocation } from './library-location.ts';
import type { Pointer } from './pointer.ts';

/** Matrices in ggml's order: rows of `width` numbers, one after another. */
export interface Product {
  readonly width: number;
  readonly weights: Float32Array;
  /** Its rows are normalised (RMS) before they are multiplied with the weights. */
  readonly input: Float32Array;
}

export const RMS_EPSILON = 1e-6;

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
    ggml.closeBackend(backend);
  }
}

interface Ggml extends GraphFunctions {
  readonly openDevice: (name: string, params: null) => Pointer | null;
  readonly normalise: (context: Pointer, input: Pointer, epsilon: number) => Pointer;
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
    ...bindGraphFunctions(base, ggml),
    openDevice: ggml.func('void *ggml_backend_init_by_name(const char *, const char *)'),
    normalise: base.func('void *ggml_rms_norm(void *, void *, float)'),
    allocate: base.func('void *ggml_backend_alloc_ctx_tensors(void *, void *)'),
    freeBuffer: base.func('void ggml_backend_buffer_free(void *)'),
    write: base.func('void ggml_backend_tensor_set(void *, const void *, size_t, size_t)'),
    read: base.func('void ggml_backend_tensor_get(void *, void *, size_t, size_t)'),
    compute: base.func('int ggml_backend_graph_compute(void *, void *)'),
  };
}

function compute(ggml: Ggml, backend: Pointer, { width, weights, input }: Product): Float32Array | undefined {
  const size = TENSORS * ggml.tensorOverhead() + ggml.graphOverhead();
  const context = ggml.init(size, { withData: false });
  if (context === null) return undefined;
  const [outputs, columns] = [weights.length / width, input.length / width];
  const weightTensor = ggml.newTensor2d(context, F32, width, outputs);
  const inputTensor = ggml.newTensor2d(context, F32, width, columns);
  const product = ggml.multiply(context, weightTensor, ggml.normalise(context, inputTensor, RMS_EPSILON));
  const graph = ggml.newGraph(context);
  ggml.expand(graph, product);
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
    ggml.free(context);
  }
}
