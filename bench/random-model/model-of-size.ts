import { join } from 'node:path';
import { pullModel } from '../../src/index.ts';
import { cacheDirectory, catalogue, readGgufHeader } from '../../src/models/index.ts';
import { type ModelShape, parameterCount, writeRandomModel } from './random-model.ts';

/**
 * The shapes of Llama 3.2 1B and 3B and of Llama 3.1 70B; with the default draft's vocabulary they have 1.1, 3.0 and 69
 * billion weights.
 */
const SHAPES = {
  '1b': { layers: 16, width: 2048, heads: 32, keyValueHeads: 8, headSize: 64, feedForward: 8192 },
  '3b': { layers: 28, width: 3072, heads: 24, keyValueHeads: 8, headSize: 128, feedForward: 8192 },
  '70b': { layers: 80, width: 8192, heads: 64, keyValueHeads: 8, headSize: 128, feedForward: 28672 },
} as const satisfies Record<string, ModelShape>;

export type RandomSize = keyof typeof SHAPES;

export interface RandomModelFile {
  readonly path: string;
  readonly parameters: number;
}

/**
 * A model of random weights, Q4_0, with the default draft's tokenizer, in the cache (0.6, 1.7 or 39 GB). Good for its
 * speed alone; give the schedule with the criterion `fixed(k)`.
 */
export async function modelOfSize(size: RandomSize): Promise<RandomModelFile> {
  const path = join(cacheDirectory(), 'bench', 'random-models', `${size}-q4_0.gguf`);
  const tokenizerFrom = await pullModel(catalogue.defaultPair.draft);
  const shape = SHAPES[size];
  await writeRandomModel({ path, shape, type: 'Q4_0', seed: 70, tokenizerFrom });
  const { tensors } = await readGgufHeader(path);
  return { path, parameters: parameterCount(shape, tensors[0]!.dimensions[1]!) };
}
