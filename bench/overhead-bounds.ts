import type { Row } from './row.ts';

/** What the gateway may add, by row of `startOverhead`, in ms. */
export const OVERHEAD_BOUNDS = { 'gateway-first-token': 2, 'gateway-token': 0.2 } as const;

/** A line for each bound that its row does not keep; a row that is missing or was not measured keeps none. */
export function brokenBounds(rows: readonly Row[]): string[] {
  return Object.entries(OVERHEAD_BOUNDS).flatMap(([name, bound]) => {
    const value = rows.find((row) => row.name === name)?.value ?? null;
    if (value !== null && value < bound) return [];
    return [`${name}: ${value === null ? 'not measured' : `${value.toFixed(3)} ms`}, wanted: under ${bound}`];
  });
}
