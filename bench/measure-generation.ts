import type { LanguageModel } from '../src/index.ts';
import { buildLlamaBench, llamaBenchSpeed } from './llama-bench.ts';
import type { BenchPair } from './pair.ts';
import { notMeasured, type Row, toRow } from './row.ts';

const NAME = 'generate-vs-llama-bench';
const UNIT = 'ratio of speed';
const TOKENS = 64;
const ROUNDS = 7;

/** Tokens a second of greedy generation over those of llama-bench, same library, model and threads. 1 is as fast. */
export async function measureGeneration({ base, basePath }: BenchPair, threads: number): Promise<Row> {
  let program: string;
  try {
    program = await buildLlamaBench();
  } catch (error) {
    return notMeasured(NAME, UNIT, `llama-bench could not be built: ${(error as Error).message.split('\n')[0] ?? ''}`);
  }
  const ratios: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const reference = await llamaBenchSpeed(program, basePath, threads, TOKENS);
    const own = await generationSpeed(base, round);
    if (round >= 0) ratios.push(own / reference);
  }
  return toRow(NAME, UNIT, ratios, `${TOKENS} tokens`);
}

async function generationSpeed(base: LanguageModel, round: number): Promise<number> {
  const bos = { text: base.info.bosText ?? '', control: true };
  const prefix = await base.encode([bos, { text: `Story number ${round + 2}. Once upon a time`, control: false }]);
  const tokens = base.generate(prefix, { temperature: 0, maxTokens: TOKENS + 1 });
  // The first token waits for the prompt, which llama-bench has none of.
  await tokens.next();
  const start = performance.now();
  let count = 0;
  while (!(await tokens.next()).done) count++;
  return (1000 * count) / (performance.now() - start);
}
