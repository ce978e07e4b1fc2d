import { bootstrap, type BootstrapOptions, percentileInterval } from './bootstrap.ts';
import type { Interval } from './interval.ts';

interface Total {
  readonly sum: number;
  readonly count: number;
}

/**
 * The 95% bootstrap interval of the mean of all values, where whole clusters are drawn: what belongs to one question
 * rises and falls together, so its values tell less than as many independent ones. Undefined for fewer than two clusters.
 */
export function clusteredMeanInterval(
  clusters: readonly (readonly number[])[],
  options?: BootstrapOptions,
): Interval | undefined {
  if (clusters.length < 2) return undefined;
  return percentileInterval(bootstrap(clusters.map(totalOf), meanOfTotals, options));
}

function totalOf(values: readonly number[]): Total {
  return { sum: values.reduce((sum, value) => sum + value, 0), count: values.length };
}

function meanOfTotals(totals: readonly Total[]): number {
  let sum = 0;
  let count = 0;
  for (const total of totals) {
    sum += total.sum;
    count += total.count;
  }
  return sum / count;
}
