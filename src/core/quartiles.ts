import { quantile } from './quantile.ts';

/** The middle of some values, and of the middle half. */
export interface Quartiles {
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
}

/** All NaN of no values. */
export function quartilesOf(values: readonly number[]): Quartiles {
  return {
    lowerQuartile: quantile(values, 0.25),
    median: quantile(values, 0.5),
    upperQuartile: quantile(values, 0.75),
  };
}
