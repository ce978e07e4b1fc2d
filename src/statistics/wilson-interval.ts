import type { Interval } from './interval.ts';

/** The quantile 0.975 of the normal distribution. */
const Z = 1.959964;

/**
 * The 95% interval of a share (Wilson 1927), which stays within 0 and 1 and is never a point.
 *
 * @param hits of n, from 0 to n; halves, for ties, are fine
 */
export function wilsonInterval(hits: number, n: number): Interval {
  const share = hits / n;
  const middle = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
