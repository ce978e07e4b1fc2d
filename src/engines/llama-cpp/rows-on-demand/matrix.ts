import koffi from 'koffi';
import { TENSOR } from '../native/graph-functions.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';

/** The first `rows` rows of a matrix, each of `columns` numbers. */
export interface MatrixPart {
  readonly tensor: Pointer;
  readonly columns: number;
  readonly rows: number;
  readonly rowBytes: number;
}

/** A weight matrix of a model: one row for each token of the vocabulary, each as long as a hidden state. */
export interface Matrix extends MatrixPart {
  /** ggml's number format of the weights. */
  readonly type: number;
  /** How many states its kernel multiplies at a time. */
  readonly step: number;
}

/** Formats whose kernel takes four states at a time, and eight in less time than five: Q4_0, Q5_0, Q8_0 and IQ4_NL. */
const STEPPED_TYPES = new Set([2, 6, 8, 20]);

/** What `result_norm` is called that the matrix is applied to. */
const STATES = 'result_norm';

/**
 * The matrix that makes logits out of states: undefined where more happens between the two, such as a bias or a cap.
 *
 * @param logits the tensor of one row of logits, in the graph that was computed last
 */
export function outputMatrixOf(library: LlamaLibrary, logits: Pointer, vocabularySize: number): Matrix | undefined {
  const { graphs } = library;
  const { op, src } = koffi.decode(logits, TENSOR) as { op: number; src: (Pointer | null)[] };
  const [weights, states, ...others] = src;
  if (!weights || !states || others.some((other) => other !== null && other !== 0n)) return undefined;
  if (op !== productOperation(library) || graphs.nameOf(states) !== STATES) return undefined;
  const { type, ne, nb } = koffi.decode(weights, TENSOR) as { type: number; ne: number[]; nb: number[] };
  const [columns, rows, ...further] = ne.map(Number) as [number, number, ...number[]];
  if (rows !== vocabularySize || further.some((size) => size !== 1)) return undefined;
  return { tensor: weights, type, step: STEPPED_TYPES.has(type) ? 4 : 1, columns, rows, rowBytes: Number(nb[1]) };
}

/** ggml's number of the operation, read from a product of our own, whose layout is checked on the way. */
function productOperation({ graphs }: LlamaLibrary): number | undefined {
  const context = graphs.init(64 * 1024);
  if (context === null) return undefined;
  try {
    const matrix = graphs.newTensor2d(context, 0, 4, 3);
    const vectors = graphs.newTensor2d(context, 0, 4, 2);
    const { op, ne, nb, src } = koffi.decode(graphs.multiply(context, matrix, vectors), TENSOR) as {
      op: number;
      ne: number[];
      nb: number[];
      src: Pointer[];
    };
    const isAsDeclared =
      Number(ne[0]) === 3 && Number(ne[1]) === 2 && Number(nb[1]) === 12 && src[0] === matrix && src[1] === vectors;
    return isAsDeclared ? op : undefined;
  } finally {
    graphs.free(context);
  }
}
