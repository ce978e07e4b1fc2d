import { quantile } from '../core/quantile.ts';
import { seededRandom } from '../core/seeded-random.ts';
import type { Interval } from './interval.ts';

export interface BootstrapOptions {
  /** How many samples are drawn. Default 1000. */
  readonly resamples?: number;
  /** The same seed gives the same samples. Default 1. */
  readonly seed?: number;
}

/**
 * A statistic of samples that are drawn with replacement from the units, each as many as there are units. Whatever hangs
 * together is one unit: two turns of a question, or the results of two strategies on one line.
 */
export function bootstrap<T>(
  units: readonly T[],
  statistic: (sample: readonly T[]) => number,
  { resamples = 1000, seed = 1 }: BootstrapOptions = {},
): number[] {
  const random = seededRandom(seed);
  const sample = [...units];
  return Array.from({ length: resamples }, () => {
    for (let draw = 0; draw < sample.length; draw++) sample[draw] = units[Math.floor(random() * units.length)]!;
    return statistic(sample);
  });
}

/** The middle 95% of resampled statistics: the percentile interval. */
export function percentileInterval(resampled: readonly number[]): Interval {
  return [quantile(resampled, 0.025), quantile(resampled, 0.975)];
}
