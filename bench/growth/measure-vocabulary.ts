import { join } from 'node:path';
import { loadPair, pullModel } from '../../src/index.ts';
import { cacheDirectory, catalogue } from '../../src/models/index.ts';
import { writeRandomModel } from '../random-model/random-model.ts';
import type { GrowthOptions } from './growth-options.ts';
import { measurePoint } from './measure-point.ts';
import type { GrowthPoint, MeasuredSeries } from './series.ts';

const VOCABULARIES = [4096, 16_384, 65_536, 262_144];
/** 30 million weights without the output matrix: it is what grows. */
const SHAPE = { layers: 8, width: 512, heads: 8, keyValueHeads: 2, headSize: 64, feedForward: 2048 };
const TEMPLATE = '{{ messages[-1].content }}\n';

/** Two models of the same shape with random weights; their vocabulary is the beginning of the default base's. */
export async function measureVocabulary(options: GrowthOptions): Promise<MeasuredSeries> {
  const tokenizerFrom = await pullModel(catalogue.defaultPair.base);
  const points: GrowthPoint[] = [];
  for (const vocabularySize of VOCABULARIES) {
    options.progress(`${points.length + 1} of ${VOCABULARIES.length}`);
    points.push(await measureSize(vocabularySize, tokenizerFrom, options));
  }
  return {
    name: 'vocabulary',
    title: 'Size of the vocabulary',
    x: 'vocabulary, tokens',
    note: 'A base and a draft of the same shape with random weights, whose vocabulary is the beginning of the default base’s; the base takes over after 64 tokens. What they write is noise, so nothing can be looked up: speed alone.',
    points,
  };
}

async function measureSize(vocabularySize: number, tokenizerFrom: string, options: GrowthOptions) {
  const [base, draft] = [1, 2].map((seed) => modelPath(vocabularySize, seed)) as [string, string];
  for (const [i, path] of [base, draft].entries())
    await writeRandomModel({
      path,
      shape: SHAPE,
      type: 'Q4_0',
      seed: i + 1,
      tokenizerFrom,
      vocabularySize,
      chatTemplate: TEMPLATE,
    });
  const pair = await loadPair({ base, draft, threads: options.threads });
  try {
    const { prompts, maxTokens } = options;
    return await measurePoint(pair, vocabularySize, prompts, { criterion: 'fixed(64)', maxTokens });
  } finally {
    await pair.close();
  }
}

function modelPath(vocabularySize: number, seed: number): string {
  return join(cacheDirectory(), 'bench', 'random-models', `vocabulary-${vocabularySize}-${seed}.gguf`);
}
