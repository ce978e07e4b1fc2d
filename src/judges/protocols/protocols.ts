import type { DataSource } from '../../benchmarks/data/data-source.ts';
import { type AlpacaOptions, alpacaProtocol } from './alpaca-eval.ts';
import { arenaProtocol } from './arena-hard.ts';
import { hhProtocol } from './hh-rlhf.ts';
import type { JudgeProtocol } from './judge-protocol.ts';
import { mtBenchProtocol } from './mt-bench.ts';
import { truthfulProtocol } from './truthful-qa.ts';

type LoadProtocol = (source: DataSource, options: AlpacaOptions) => JudgeProtocol | Promise<JudgeProtocol>;

/** How each benchmark that takes a judge is judged, by its name. */
export const PROTOCOLS: Readonly<Record<string, LoadProtocol>> = {
  'hh-rlhf': () => hhProtocol,
  truthfulqa: () => truthfulProtocol,
  alpacaeval2: alpacaProtocol,
  'arena-hard': arenaProtocol,
  'mt-bench': mtBenchProtocol,
};
