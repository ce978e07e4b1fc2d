import { mean } from '../core/mean.ts';
import type { Interval } from './interval.ts';
import { standardError } from './standard-error.ts';
import { studentQuantile } from './student-quantile.ts';

/** The 95% interval of a mean by Student's t, for few values of about a normal distribution; undefined for fewer than two. */
export function studentInterval(values: readonly number[]): Interval | undefined {
  if (values.length < 2) return undefined;
  const half = studentQuantile(0.975, values.length - 1) * standardError(values);
  return [mean(values) - half, mean(values) + half];
}
