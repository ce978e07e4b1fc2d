import { join } from 'node:path';
import { pullModel } from '../../src/index.ts';
import { cacheDirectory, catalogue, readGgufHeader } from '../../src/models/index.ts';
import { type ModelShape, parameterCount, writeRandomModel } from './random-model.ts';

/**
 * The shapes of Qwen3-0.6B, with as many of the default base's tokens as that has, of Llama 3.2 1B and 3B and of Llama 3.1
 * 70B; with the default draft's vocabulary these have 1.1, 3.0 and 69 billion weights.
 */
const SHAPES = {
  '0.6b': { layers: 28, width: 1024, heads: 16, keyValueHeads: 8, headSize: 128, feedForward: 3072 },
  '1b': { layers: 16, width: 2048, heads: 32, keyValueHeads: 8, headSize: 64, feedForward: 8192 },
  '3b': { layers: 28, width: 3072, heads: 24, keyValueHeads: 8, headSize: 128, feedForward: 8192 },
  '70b': { layers: 80, width: 8192, heads: 64, keyValueHeads: 8, headSize: 128, feedForward: 28672 },
} as const satisfies Record<string, ModelShape>;

const LARGE_VOCABULARY = { tokenizer: catalogue.defaultPair.base, vocabularySize: 151_936 };
const USUAL_VOCABULARY = { tokenizer: catalogue.defaultPair.draft };

export type RandomSize = keyof typeof SHAPES;

export interface RandomModelFile {
  readonly path: string;
  readonly parameters: number;
}

/**
 * A model of random weights, Q4_0, with a tokenizer of the default pair, in the cache (0.3, 0.6, 1.7 or 39 GB). Good for its
 * speed alone; give the schedule with the criterion `fixed(k)`.
 */
export async function modelOfSize(size: RandomSize): Promise<RandomModelFile> {
  const path = join(cacheDirectory(), 'bench', 'random-models', `${size}-q4_0.gguf`);
  const { tokenizer, ...vocabulary } = size === '0.6b' ? LARGE_VOCABULARY : USUAL_VOCABULARY;
  const tokenizerFrom = await pullModel(tokenizer);
  const shape = SHAPES[size];
  await writeRandomModel({ path, shape, type: 'Q4_0', seed: 70, tokenizerFrom, ...vocabulary });
  const { tensors } = await readGgufHeader(path);
  return { path, parameters: parameterCount(shape, tensors[0]!.dimensions[1]!) };
}
