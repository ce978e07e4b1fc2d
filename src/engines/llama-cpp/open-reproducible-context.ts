import { EngineError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import { type ContextOptions, LlamaContext } from './llama-context.ts';
import type { ComputeLane } from './native/compute-lane.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';

/** What a text of eight tokens is read in: first all at once, then in passes of other shapes. */
const SHAPES = [[8], [1, 2, 5], [3, 1, 4]];
const LENGTH = 8;

/** The numbers that a model is opened for: logits, or hidden states. */
export interface PassNumbers {
  /** Done before a pass. */
  readonly ask?: (context: LlamaContext) => void;
  /** Those after a batch entry of the last pass. */
  readonly read: (context: LlamaContext, index: number) => Float32Array;
}

/**
 * Opens a context whose numbers after a token depend on the text before it alone, to the last bit, and not on what else
 * the context holds or computes. Kernels of most formats compute each token for itself; where a trial shows that those of
 * this model do not, as with weights of 16 bits, every token is computed alone, which is slower.
 *
 * @throws EngineError when there is no memory for it
 */
export async function openReproducibleContext(
  library: LlamaLibrary,
  model: Pointer,
  lane: ComputeLane,
  options: ContextOptions,
  numbers: PassNumbers,
): Promise<LlamaContext> {
  const context = await LlamaContext.open(library, model, lane, { ...options, ownCells: true });
  try {
    if (await context.turn(() => areShapesEqual(context, tokensOf(library, model), numbers))) return context;
  } catch (error) {
    context.close();
    throw error;
  }
  context.close();
  return await LlamaContext.open(library, model, lane, {
    ...options,
    ownCells: true,
    partTokens: 1,
    givesStates: false,
  });
}

function tokensOf(library: LlamaLibrary, model: Pointer): TokenId[] {
  const size = library.vocabSize(library.modelVocab(model));
  return Array.from({ length: LENGTH }, (_, i) => Math.floor(((i + 1) * size) / (LENGTH + 1)) as TokenId);
}

async function areShapesEqual(
  context: LlamaContext,
  tokens: readonly TokenId[],
  numbers: PassNumbers,
): Promise<boolean> {
  let first: readonly Buffer[] | undefined;
  for (const shape of SHAPES) {
    const rows = await readInPasses(context, tokens, shape, numbers);
    first ??= rows;
    if (!rows.every((row, i) => row.equals(first![i]!))) return false;
  }
  return true;
}

/** The bytes of the numbers after each token. */
async function readInPasses(
  context: LlamaContext,
  tokens: readonly TokenId[],
  sizes: readonly number[],
  numbers: PassNumbers,
): Promise<Buffer[]> {
  const rows: Buffer[] = [];
  for (const size of sizes) {
    const begin = rows.length;
    const entries = tokens
      .slice(begin, begin + size)
      .map((token, i) => ({ token, position: begin + i, sequence: 0, row: true }));
    numbers.ask?.(context);
    const result = await context.decode(entries);
    if (result !== 'done')
      throw new EngineError(
        'llama.cpp',
        'trial-failed',
        `llama.cpp could not read a first text (${result}): load the model again.`,
      );
    for (const index of entries.keys()) rows.push(bytesOf(numbers.read(context, index)));
  }
  context.truncate(0, 0);
  return rows;
}

/** A copy. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(Buffer.from(buffer, byteOffset, byteLength));
}
