import { type LanguageModel, type Pair, loadPair, pullModel } from '../src/index.ts';
import { catalogue } from '../src/models/index.ts';

export interface BenchPair {
  readonly pair: Pair;
  readonly base: LanguageModel;
  readonly basePath: string;
  readonly draftPath: string;
}

/** The default pair, as every user opens it. */
export async function openBenchPair(threads: number): Promise<BenchPair> {
  const pair = await loadPair({ threads });
  const basePath = await pullModel(catalogue.defaultPair.base);
  const draftPath = await pullModel(catalogue.defaultPair.draft);
  return { pair, base: pair.base, basePath, draftPath };
}
