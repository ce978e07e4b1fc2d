import type { TokenId } from '../../../core/language-model.ts';
import type { BatchEntry, LlamaContext } from '../llama-context.ts';
import { type ModelFileOptions, usesGpu } from '../load-model.ts';
import type { RowReader } from '../log-softmax/row-reader.ts';
import type { ComputeLane } from '../native/compute-lane.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { outputMatrixOf } from './matrix.ts';
import { OutputHead, type ShortlistSizes } from './output-head.ts';

/** Of all parameters: where the output matrix has less, leaving rows of it out gains little. */
const SMALLEST_SHARE = 0.25;
/** The same product in another shape may be rounded otherwise. */
const LARGEST_DIFFERENCE = 1e-3;
const PRINTABLE_ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

/** Whether it is worth looking for a model's output matrix: large, on the CPU, and as it is in the file. */
export function mayLeaveOutLogits(
  library: LlamaLibrary,
  model: Pointer,
  { gpuLayers, repack }: Pick<ModelFileOptions, 'gpuLayers' | 'repack'>,
): boolean {
  if (repack || usesGpu(library, gpuLayers)) return false;
  return shareOfMatrix(library, model) >= SMALLEST_SHARE;
}

function shareOfMatrix(library: LlamaLibrary, model: Pointer): number {
  const size = library.vocabSize(library.modelVocab(model)) * library.modelHiddenSize(model);
  return size / Number(library.modelParameters(model));
}

export interface OpenOutputHeadParts {
  /** The model's. */
  readonly id: string;
  readonly library: LlamaLibrary;
  readonly lane: ComputeLane;
  readonly model: Pointer;
  /** One that gives states. */
  readonly context: LlamaContext;
  readonly vocabulary: Vocabulary;
  readonly rows: RowReader;
  /** Whether its logits must be those of whole passes to the last bit. Default: false. */
  readonly reproducible?: boolean;
  /** Default: the usual ones. */
  readonly shortlists?: ShortlistSizes;
}

/**
 * Finds the output matrix in the graph of a first pass, and tries it: undefined for a model whose logits are made in
 * another way, or come out otherwise, and where it fails, which is noted in the library's log.
 */
export async function openOutputHead(parts: OpenOutputHeadParts): Promise<OutputHead | undefined> {
  try {
    return await parts.context.turn(() => findAndTry(parts));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    parts.library.log.sink('warn', `All logits of ${parts.id} come from whole passes, which are slower: ${reason}`);
    return undefined;
  }
}

async function findAndTry(parts: OpenOutputHeadParts): Promise<OutputHead | undefined> {
  const { library, lane, context, vocabulary } = parts;
  const [token] = vocabulary.encodeWord('a');
  if (token === undefined || lane.threadpool === null) return undefined;
  const entries = [entryOf(token)];
  const logits = await context.findOutput(entries);
  const matrix = logits && outputMatrixOf(library, logits, vocabulary.size);
  const expected = matrix && context.row(0).slice();
  context.truncate(0, 0);
  const backend = matrix && library.graphs.openBackend(lane.threads, lane.threadpool);
  if (!matrix || !expected || !backend) return undefined;
  const common = PRINTABLE_ASCII.flatMap((text) => vocabulary.encodeWord(text));
  const head = new OutputHead({ ...parts, backend, matrix, common, share: shareOfMatrix(library, parts.model) });
  let isRight = false;
  try {
    isRight = await givesRow(head, context, entries, expected, parts.reproducible ? 0 : LARGEST_DIFFERENCE);
  } finally {
    if (!isRight) head.close();
  }
  return isRight ? head : undefined;
}

async function givesRow(
  head: OutputHead,
  context: LlamaContext,
  entries: readonly BatchEntry[],
  expected: Float32Array,
  tolerance: number,
): Promise<boolean> {
  try {
    if ((await context.decode(entries, 'states')) !== 'done') return false;
    await head.completeRows([0]);
    const row = context.row(0);
    return expected.every((logit, i) => Math.abs(logit - row[i]!) <= tolerance);
  } finally {
    context.truncate(0, 0);
  }
}

function entryOf(token: TokenId): BatchEntry {
  return { token, position: 0, sequence: 0, row: true };
}
