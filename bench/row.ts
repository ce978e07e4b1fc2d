import { quartilesOf } from '../src/core/index.ts';

/** One line of the benchmark. A ratio compares two things measured in turn in one run, so machine noise falls out. */
export interface Row {
  readonly name: string;
  /** Median over the runs; null where it could not be measured, with the reason in `note`. */
  readonly value: number | null;
  readonly unit: string;
  readonly runs: number;
  /** 25th and 75th percentile. */
  readonly quartiles?: readonly [number, number];
  readonly note?: string;
}

/** Values that don't exist, such as the time per token of a response without tokens, are no runs. */
export function toRow(name: string, unit: string, all: readonly number[], note?: string): Row {
  const values = all.filter((value) => Number.isFinite(value));
  if (values.length === 0) return notMeasured(name, unit, note ?? 'nothing to measure');
  const { lowerQuartile, median, upperQuartile } = quartilesOf(values);
  return {
    name,
    value: median,
    unit,
    runs: values.length,
    quartiles: [lowerQuartile, upperQuartile],
    ...(note !== undefined && { note }),
  };
}

export function notMeasured(name: string, unit: string, reason: string): Row {
  return { name, value: null, unit, runs: 0, note: reason };
}
