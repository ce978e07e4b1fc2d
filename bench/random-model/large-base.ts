import { join } from 'node:path';
import { cacheDirectory } from '../../src/models/cache-directory.ts';
import { catalogue } from '../../src/models/catalogue.ts';
import { readGgufHeader } from '../../src/models/gguf/read-gguf-header.ts';
import { pullModel } from '../../src/models/pull-model.ts';
import { type ModelShape, parameterCount, writeRandomModel } from './random-model.ts';

/** The shapes of Llama 3.2 1B and 3B; with the default draft's vocabulary they have 1.1 and 3.0 billion weights. */
const LARGE_SHAPES = {
  '1b': { layers: 16, width: 2048, heads: 32, keyValueHeads: 8, headSize: 64, feedForward: 8192 },
  '3b': { layers: 28, width: 3072, heads: 24, keyValueHeads: 8, headSize: 128, feedForward: 8192 },
} as const satisfies Record<string, ModelShape>;

export type LargeBase = keyof typeof LARGE_SHAPES;

export interface LargeBaseFile {
  readonly path: string;
  readonly parameters: number;
}

/**
 * A base of random weights, Q4_0, with the default draft's tokenizer, in the cache (0.6 or 1.7 GB). Good for its speed
 * alone; give the schedule with the criterion `fixed(k)`.
 */
export async function largeBase(size: LargeBase): Promise<LargeBaseFile> {
  const path = join(cacheDirectory(), 'bench', 'random-models', `base-${size}-q4_0.gguf`);
  const tokenizerFrom = await pullModel(catalogue.defaultPair.draft);
  const shape = LARGE_SHAPES[size];
  await writeRandomModel({ path, shape, type: 'Q4_0', seed: 70, tokenizerFrom });
  const { tensors } = await readGgufHeader(path);
  return { path, parameters: parameterCount(shape, tensors[0]!.dimensions[1]!) };
}
