import type { BenchmarkItem, Grades, Measure } from '../../benchmarks/benchmark.ts';
import type { ArenaBattle } from '../../benchmarks/graders/arena-battle.ts';
import type { Interval } from '../../statistics/interval.ts';
import type { JudgeQuestion } from '../judge.ts';

/** One comparison of an answer with the baseline's. Its outcome is the answer's, from 0, lost, to 1. */
export interface Game extends ArenaBattle {
  /** Whether the judge saw the answer before the baseline's. */
  readonly answerFirst: boolean;
}

/** An answer, and what the judge made of it: nothing where it gave no verdict. */
export interface JudgedAnswer<Item extends BenchmarkItem = BenchmarkItem> {
  readonly item: Item;
  /** The text of each turn. */
  readonly answers: readonly string[];
  /** Of all repeats. */
  readonly games: readonly Game[];
}

/** A number of all answers together that is not the mean of their grades. */
export interface PooledMeasure {
  readonly measure: Measure;
  readonly value: number;
  /** 95%. */
  readonly interval: Interval | null;
}

/** How answers of a benchmark are judged: a value, as the benchmark is. */
export interface JudgeProtocol<Item extends BenchmarkItem = BenchmarkItem, Verdict = unknown> {
  readonly name: string;
  /** Whose words the judge is asked with, and in which version. Numbers of two versions can't be compared. */
  readonly version: string;
  /** Whether the judge has to tell the probabilities of tokens. */
  readonly needsLogprobs: boolean;
  readonly measures: readonly Measure[];
  /** What is asked of the answers to an item, one for each turn. */
  questions(item: Item, answers: readonly string[]): readonly JudgeQuestion<Verdict>[];
  /** @param verdicts one for each question, undefined where there is none; a measure that needs it is left out */
  grade(item: Item, verdicts: readonly (Verdict | undefined)[]): Grades;
  /** Comparisons only: the game of each question. */
  games?(item: Item, verdicts: readonly (Verdict | undefined)[]): readonly (Game | undefined)[];
  /** Comparisons only: the length of the baseline's answer, in code points. */
  baselineLength?(item: Item): number;
  /** Unset where the means of grades say all. @param judged one strategy's answers to the items that were asked */
  pooled?(judged: readonly JudgedAnswer<Item>[]): Promise<readonly PooledMeasure[]>;
  /** An item with answers that a judge can be tried with. */
  readonly example: { readonly item: Item; readonly answers: readonly string[] };
}
