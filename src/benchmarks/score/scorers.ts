import { unknownBenchmark, BENCHMARKS } from '../benchmarks.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Scorer } from './score.ts';
import { scoreAlpacaEval2 } from './score-alpacaeval2.ts';
import { scoreArenaHard } from './score-arena-hard.ts';
import { scoreGsm8k } from './score-gsm8k.ts';
import { scoreHumanEval } from './score-humaneval.ts';
import { scoreMtBench } from './score-mt-bench.ts';
import { scoreTruthfulQa } from './score-truthfulqa.ts';

/** By the benchmark's name. */
const SCORERS: Readonly<Record<string, Scorer>> = {
  truthfulqa: scoreTruthfulQa,
  alpacaeval2: scoreAlpacaEval2,
  'arena-hard': scoreArenaHard,
  'mt-bench': scoreMtBench,
  gsm8k: scoreGsm8k,
  humaneval: scoreHumanEval,
};

export const SCORED = Object.keys(SCORERS);

/** @throws ConfigError for a benchmark that is not known, or whose answers can't be scored from a file */
export function findScorer(name: string): Scorer {
  const scorer = Object.hasOwn(SCORERS, name) ? SCORERS[name] : undefined;
  if (scorer) return scorer;
  if (!BENCHMARKS.some((benchmark) => benchmark.name === name)) throw unknownBenchmark(name, SCORED);
  throw new ConfigError(
    'no-scorer',
    `Answers to ${name} can't be scored from a file: a judge or a reward model has to grade them (wellbegun evaluate). Name one of ${SCORED.join(', ')}.`,
  );
}
