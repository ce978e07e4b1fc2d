import { type Quartiles, quartilesOf } from '../core/quartiles.ts';

/** Undefined where there are no values. */
export function spreadOf(values: readonly number[]): Quartiles | undefined {
  return values.length === 0 ? undefined : quartilesOf(values);
}
