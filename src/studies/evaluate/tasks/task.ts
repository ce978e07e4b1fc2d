import type { InputScan } from '../../../batch/scan-input.ts';
import type { Benchmark, BenchmarkItem } from '../../../benchmarks/benchmark.ts';

/** One thing that strategies are asked: a file of prompts, or a benchmark, whose items are a file of lines as well. */
export interface Task {
  /** A benchmark's name, or the file as it was named. */
  readonly name: string;
  /** Where its answers go, within the evaluation's folder; the folder itself is ''. */
  readonly place: string;
  /** The file of lines. */
  readonly input: string;
  readonly scan: InputScan;
  readonly benchmark?: AskedBenchmark | undefined;
}

export interface AskedBenchmark {
  readonly value: Benchmark;
  readonly items: readonly BenchmarkItem[];
  /** Answers to each item, a whole number ≥ 1: line n asks item ⌊(n − 1) / samples⌋. */
  readonly samples: number;
}

/** What a line of a benchmark's file asks. */
export function itemOf({ items, samples }: AskedBenchmark, line: number): BenchmarkItem {
  return items[Math.floor((line - 1) / samples)]!;
}
