import { mean } from '../core/mean.ts';
import { bootstrap, type BootstrapOptions, percentileInterval } from './bootstrap.ts';
import { differencesOf } from './differences.ts';
import type { Interval } from './interval.ts';

export interface PairedDifference {
  /** Mean of second − first. */
  readonly difference: number;
  /** 95%, by the percentile bootstrap over pairs. */
  readonly interval: Interval;
}

/** How much more the second has than the first on the same lines; undefined for fewer than two. */
export function pairedBootstrap(
  first: readonly number[],
  second: readonly number[],
  options?: BootstrapOptions,
): PairedDifference | undefined {
  const differences = differencesOf(first, second);
  if (differences.length < 2) return undefined;
  return { difference: mean(differences), interval: percentileInterval(bootstrap(differences, mean, options)) };
}
