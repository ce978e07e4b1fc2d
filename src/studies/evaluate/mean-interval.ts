import { quantile } from '../../core/quantile.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import type { Interval } from './wilson-interval.ts';

const RESAMPLES = 1000;
const SEED = 1;

/**
 * The 95% interval of a mean by the percentile bootstrap: the middle 95% of the means of 1000 samples, drawn from the
 * values with replacement. The same values in the same order give the same interval. Undefined for fewer than two
 * values, of which nothing can be said; of a handful it is too narrow.
 */
export function meanInterval(values: readonly number[]): Interval | undefined {
  if (values.length < 2) return undefined;
  const random = seededRandom(SEED);
  const means = Array.from({ length: RESAMPLES }, () => resampledMean(values, random));
  return [quantile(means, 0.025), quantile(means, 0.975)];
}

function resampledMean(values: readonly number[], random: () => number): number {
  let sum = 0;
  for (let draw = 0; draw < values.length; draw++) sum += values[Math.floor(random() * values.length)]!;
  return sum / values.length;
}
