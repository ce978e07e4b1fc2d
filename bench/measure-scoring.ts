import { type BatchEntry, ComputeLane, LlamaContext, openLibrary } from '../src/engines/llama-cpp/index.ts';
import type { TokenId } from '../src/index.ts';
import type { BenchPair } from './pair.ts';
import { type Row, toRow } from './row.ts';

const CHUNK = 16;
const CHUNKS = 8;
const ROUNDS = 9;

/**
 * Speed of `score`, log-softmax included, over the speed of a bare `llama_decode` of the same tokens in the same chunks
 * with every row of logits asked for. 1 is as fast.
 */
export async function measureScoring({ base, basePath }: BenchPair, threads: number): Promise<Row> {
  const text = 'The harbour was quiet in the early light, and the boats moved a little on the water. '.repeat(12);
  const all = await base.encode([
    { text: base.info.bosText ?? '', control: true },
    { text, control: false },
  ]);
  const bare = await openBare(basePath, threads);
  const ratios: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    // A first token of its own each round, so that nothing of the round before is reused.
    const tokens = [all[0]!, all[2 + round]!, ...all].slice(0, 2 + CHUNK * CHUNKS);
    const bareMs = await bare.time(tokens);
    const scoreMs = await timeScore(base, tokens);
    if (round >= 0) ratios.push(bareMs / scoreMs);
  }
  await bare.close();
  return toRow('score-vs-bare-decode', 'ratio of speed', ratios, `chunks of ${CHUNK} tokens`);
}

async function timeScore(base: BenchPair['base'], tokens: readonly TokenId[]): Promise<number> {
  await base.score(tokens.slice(0, 1), tokens.slice(1, 2));
  const start = performance.now();
  for (let end = 2; end < tokens.length; end += CHUNK)
    await base.score(tokens.slice(0, end), tokens.slice(end, end + CHUNK));
  return performance.now() - start;
}

async function openBare(path: string, threads: number) {
  const library = openLibrary();
  const lane = new ComputeLane(library, threads);
  const model = await library.modelLoad(path, { ...library.modelDefaultParams(), use_extra_bufts: false });
  if (model === null) throw new Error(`${path} can't be loaded.`);
  const size = { contextLength: 8192, sequences: 1, batchTokens: 512, batchRows: 32 };
  const context = await LlamaContext.open(library, model, lane, size);
  const decode = (tokens: readonly TokenId[], from: number) =>
    context.decode(tokens.map((token, i): BatchEntry => ({ token, position: from + i, sequence: 0, row: true })));
  return {
    async time(tokens: readonly TokenId[]): Promise<number> {
      context.truncate(0, 0);
      await decode(tokens.slice(0, 2), 0);
      const start = performance.now();
      for (let end = 2; end < tokens.length; end += CHUNK) await decode(tokens.slice(end, end + CHUNK), end);
      return performance.now() - start;
    },
    async close() {
      context.close();
      library.modelFree(model);
      await lane.close();
    },
  };
}
