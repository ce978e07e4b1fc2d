import { mean } from '../core/mean.ts';
import { bootstrap, type BootstrapOptions, percentileInterval } from './bootstrap.ts';
import type { Interval } from './interval.ts';

/**
 * The 95% interval of a mean by the percentile bootstrap: the middle 95% of the means of 1000 samples, drawn from the
 * values with replacement. The same values in the same order give the same interval. Undefined for fewer than two
 * values, of which nothing can be said; of a handful it is too narrow.
 */
export function meanInterval(values: readonly number[], options?: BootstrapOptions): Interval | undefined {
  if (values.length < 2) return undefined;
  return percentileInterval(bootstrap(values, mean, options));
}
