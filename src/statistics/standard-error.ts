import { mean } from '../core/mean.ts';

/** Of values around their mean, as of a sample (n − 1). NaN of fewer than two. */
export function standardDeviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** Of the mean of independent values. NaN of fewer than two. */
export function standardError(values: readonly number[]): number {
  return standardDeviation(values) / Math.sqrt(values.length);
}
