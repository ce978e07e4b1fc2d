import type { Row } from './row.ts';

/**
 * What the gateway may add, in ms, or as a multiple of what a server of node:http alone takes for the same stream in the same
 * round, whichever is more. The multiples are about three times those that were measured: see docs/serving.md.
 */
export const OVERHEAD_BOUNDS = {
  'first-token': { ms: 2, timesBare: 8 },
  token: { ms: 0.2, timesBare: 4 },
} as const;

export type OverheadName = keyof typeof OVERHEAD_BOUNDS;

export const OVERHEAD_NAMES: readonly OverheadName[] = ['first-token', 'token'];

/** A line for each bound that its row does not keep; a row that is missing or was not measured keeps none. */
export function brokenBounds(rows: readonly Row[]): string[] {
  return OVERHEAD_NAMES.flatMap((name) => {
    const { added, limit } = overheadOf(rows, name);
    if (added < limit) return [];
    const measured = added === Infinity ? 'not measured' : `${added.toFixed(3)} ms`;
    return [`gateway-${name}: ${measured}, wanted: under ${Number(limit.toFixed(3))}`];
  });
}

/** Of two rounds, the one that is further below the bound: all rows of that bound come from it. */
export function betterRound(some: readonly Row[], others: readonly Row[]): Row[] {
  return OVERHEAD_NAMES.flatMap((name) => {
    const better = shareOfLimit(others, name) < shareOfLimit(some, name) ? others : some;
    return better.filter((row) => row.name === `gateway-${name}` || row.name === `bare-${name}`);
  });
}

function shareOfLimit(rows: readonly Row[], name: OverheadName): number {
  const { added, limit } = overheadOf(rows, name);
  return added / limit;
}

function overheadOf(rows: readonly Row[], name: OverheadName): { readonly added: number; readonly limit: number } {
  const { ms, timesBare } = OVERHEAD_BOUNDS[name];
  const valueOf = (row: string) => rows.find((each) => each.name === row)?.value;
  return {
    added: valueOf(`gateway-${name}`) ?? Infinity,
    limit: Math.max(ms, timesBare * (valueOf(`bare-${name}`) ?? 0)),
  };
}
