import { mean } from '../../core/mean.ts';

export interface JudgeNoise {
  /** Items that have a grade in each repeat. */
  readonly n: number;
  readonly repeats: number;
  /** The share of items whose grade is not the same in all repeats. */
  readonly changed: number;
  /** Of one item's grade over repeats, the root of the mean variance. */
  readonly gradeDeviation: number;
  /** The mean of all items in each repeat: how far numbers of one judge lie apart. */
  readonly means: number[];
}

/**
 * How far a judge disagrees with itself.
 *
 * @param grades of each item, a number for each repeat or undefined where there is none
 * @returns undefined for fewer than two repeats, or where no item has all grades
 */
export function judgeNoise(grades: readonly (readonly (number | undefined)[])[]): JudgeNoise | undefined {
  const repeats = Math.max(0, ...grades.map(({ length }) => length));
  const whole = grades.filter((row): row is readonly number[] => row.length === repeats && !row.includes(undefined));
  if (repeats < 2 || whole.length === 0) return undefined;
  return {
    n: whole.length,
    repeats,
    changed: whole.filter((row) => new Set(row).size > 1).length / whole.length,
    gradeDeviation: Math.sqrt(mean(whole.map(variance))),
    means: Array.from({ length: repeats }, (_, repeat) => mean(whole.map((row) => row[repeat]!))),
  };
}

/** Of a sample. */
function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
