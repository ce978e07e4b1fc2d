import { type Quartiles, quartilesOf } from '../core/quartiles.ts';

export type Spread = Quartiles;

/** Undefined where there are no values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  return values.length === 0 ? undefined : quartilesOf(values);
}
