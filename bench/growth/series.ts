import { quartilesOf } from '../../src/core/index.ts';

/** Median and middle half of what was measured at one place. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  readonly runs: number;
}

export interface GrowthPoint {
  readonly x: number;
  /** By name of the metric; one that could not be measured there is absent. */
  readonly metrics: Readonly<Record<string, Spread>>;
}

/** How some metrics grow with one setting. */
export interface MeasuredSeries {
  /** For file names. */
  readonly name: string;
  readonly title: string;
  /** What `x` is. */
  readonly x: string;
  /** How it was measured, and what is not there and why. */
  readonly note: string;
  readonly points: readonly GrowthPoint[];
}

/** Ready to be kept. */
export interface GrowthSeries extends MeasuredSeries {
  /** When, on which machine and with which settings. */
  readonly run: Readonly<Record<string, string | number>>;
}

/** Values that don't exist, such as the share of nothing, are left out. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return undefined;
  const { lowerQuartile: lower, median, upperQuartile: upper } = quartilesOf(finite);
  return { median, lower, upper, runs: finite.length };
}

export function pointOf(x: number, values: Readonly<Record<string, readonly number[]>>): GrowthPoint {
  const spreads = Object.entries(values).map(([name, each]) => [name, spreadOf(each)] as const);
  return {
    x,
    metrics: Object.fromEntries(spreads.filter((entry): entry is [string, Spread] => entry[1] !== undefined)),
  };
}
