import { closestName } from '../core/closest-name.ts';
import { ConfigError } from '../core/errors.ts';
import { alpacaEval2 } from './alpacaeval2/alpacaeval2.ts';
import { arenaHard } from './arena-hard/arena-hard.ts';
import type { Benchmark } from './benchmark.ts';
import { gsm8k } from './gsm8k/gsm8k.ts';
import { hhRlhf } from './hh-rlhf/hh-rlhf.ts';
import { humanEval } from './humaneval/humaneval.ts';
import { mtBench } from './mt-bench/mt-bench.ts';
import { truthfulQa } from './truthfulqa/truthfulqa.ts';

export const BENCHMARKS: readonly Benchmark[] = [hhRlhf, truthfulQa, alpacaEval2, arenaHard, mtBench, gsm8k, humanEval];

/** @throws ConfigError that names the nearest one */
export function findBenchmark(name: string): Benchmark {
  const found = BENCHMARKS.find((benchmark) => benchmark.name === name);
  if (found) return found;
  throw unknownBenchmark(
    name,
    BENCHMARKS.map((benchmark) => benchmark.name),
  );
}

export function unknownBenchmark(name: string, known: readonly string[]): ConfigError {
  const closest = closestName(name, known);
  const hint = closest === undefined ? '' : ` (did you mean ${closest}?)`;
  return new ConfigError(
    'unknown-benchmark',
    `There is no benchmark ${name} here${hint}: name one of ${known.join(', ')}.`,
  );
}
