import type { Measure } from '../../../benchmarks/benchmark.ts';
import { mean } from '../../../core/mean.ts';
import { clusteredMeanInterval } from '../../../statistics/clustered-mean-interval.ts';
import type { Interval } from '../../../statistics/interval.ts';
import { meanInterval } from '../../../statistics/mean-interval.ts';
import { pairedBootstrap } from '../../../statistics/paired-bootstrap.ts';
import { permutationTest } from '../../../statistics/permutation-test.ts';
import { signTest } from '../../../statistics/sign-test.ts';
import { wilsonInterval } from '../../../statistics/wilson-interval.ts';

/** Grades of one measure: for each item, those of its answers; undefined where there is none. */
export type ItemGrades = readonly (readonly (number | undefined)[])[];

export interface MeasureSummary {
  /** The mean over items, null without any grade. */
  readonly value: number | null;
  /** 95%: Wilson for shares of single answers, else 1000 resamples of items. */
  readonly interval: Interval | null;
  /** Answers with a grade. */
  readonly graded: number;
  /** Answers without one, of all. */
  readonly errorRate: number;
  /** The same with the worst grade for answers without one; null where there is no worst. */
  readonly errorsAsWorst: { readonly value: number; readonly interval: Interval | null } | null;
}

export function summariseMeasure(measure: Measure, items: ItemGrades): MeasureSummary {
  const known = items.map((grades) => grades.filter((grade) => grade !== undefined));
  const asked = items.reduce((sum, grades) => sum + grades.length, 0);
  const graded = known.reduce((sum, grades) => sum + grades.length, 0);
  const { worst = measure.kind === 'share' ? 0 : undefined } = measure;
  const filled = worst === undefined ? undefined : items.map((grades) => grades.map((grade) => grade ?? worst));
  return {
    value: graded === 0 ? null : meanOf(known),
    interval: intervalOf(measure, known) ?? null,
    graded,
    errorRate: asked === 0 ? 0 : 1 - graded / asked,
    errorsAsWorst:
      filled && asked > 0 ? { value: meanOf(filled), interval: intervalOf(measure, filled) ?? null } : null,
  };
}

/** Each item counts the same, however many answers it has. */
function meanOf(items: readonly (readonly number[])[]): number {
  return mean(items.filter((grades) => grades.length > 0).map((grades) => mean(grades)));
}

function intervalOf({ kind }: Measure, items: readonly (readonly number[])[]): Interval | undefined {
  const known = items.filter((grades) => grades.length > 0);
  if (known.length === 0) return undefined;
  if (known.some((grades) => grades.length > 1)) return clusteredMeanInterval(known);
  const values = known.flat();
  return kind === 'share'
    ? wilsonInterval(
        values.reduce((sum, hit) => sum + hit, 0),
        values.length,
      )
    : meanInterval(values);
}

export interface MeasureComparison {
  /** The mean over items of this − the first. */
  readonly difference: number;
  /** 95%, 1000 resamples of items. */
  readonly interval: Interval;
  /** Two-sided: the exact sign test of shares, else a permutation test; null where the two differ nowhere. */
  readonly p: number | null;
  /** Items that have a grade by both. */
  readonly items: number;
}

/** Compares a strategy with the first one, item by item; null for fewer than two items. */
export function compareMeasure({ kind }: Measure, first: ItemGrades, second: ItemGrades): MeasureComparison | null {
  const pairs = first.flatMap((grades, index) => {
    const [one, other] = [itemMean(grades), itemMean(second[index] ?? [])];
    return one === undefined || other === undefined ? [] : [[one, other] as const];
  });
  const [ones, others] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  const paired = pairedBootstrap(ones, others);
  if (!paired) return null;
  const p = kind === 'share' ? signTest(ones, others) : permutationTest(ones, others);
  return { ...paired, p: p ?? null, items: pairs.length };
}

function itemMean(grades: readonly (number | undefined)[]): number | undefined {
  const known = grades.filter((grade) => grade !== undefined);
  return known.length === 0 ? undefined : mean(known);
}
