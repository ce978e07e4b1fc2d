import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { type Dimension, DIMENSIONS } from '../preference-pair.ts';
import type { PairRanks } from './pair-ranks.ts';
import { apportion, type Shares } from './shares.ts';

/**
 * Indices of the pairs that are taken, in their order: of each dimension the first ones.
 *
 * @param shares of dimensions; undefined: as they come
 * @param pairs how many; undefined: as many as the shares let
 * @throws ConfigError where there are not enough
 */
export function selectPairs(ranks: PairRanks, shares: Shares | undefined, pairs: number | undefined): number[] {
  const order = ranks.order;
  if (!shares) {
    if (pairs !== undefined && pairs > order.length) throw tooFew('all dimensions', order.length, pairs);
    return Array.from(order.subarray(0, pairs));
  }
  const available = countDimensions(ranks);
  const wanted = apportion(shares, pairs ?? mostPairs(shares, available));
  for (const dimension of DIMENSIONS) {
    const count = wanted[dimension] ?? 0;
    if (count > available[dimension]) throw tooFew(dimension, available[dimension], count);
  }
  const left = { ...wanted };
  const selected: number[] = [];
  for (const index of order) {
    const dimension = ranks.dimensionOf(index);
    if ((left[dimension] ?? 0) === 0) continue;
    left[dimension]!--;
    selected.push(index);
  }
  return selected;
}

/** As many as every dimension has its share of. */
function mostPairs(shares: Shares, available: Readonly<Record<Dimension, number>>): number {
  let most = Math.min(
    ...Object.entries(shares).map(([name, share]) => Math.floor(available[name as Dimension] / share)),
  );
  // What is left over by rounding may be one more than there is.
  while (Object.entries(apportion(shares, most)).some(([name, count]) => count > available[name as Dimension])) most--;
  return most;
}

function countDimensions(ranks: PairRanks): Record<Dimension, number> {
  const counts: Record<Dimension, number> = { harmless: 0, helpful: 0, honest: 0 };
  for (let index = 0; index < ranks.length; index++) counts[ranks.dimensionOf(index)]++;
  return counts;
}

function tooFew(what: string, available: number, wanted: number): ConfigError {
  return new ConfigError(
    'too-few-pairs',
    `There are ${available} pairs of ${what}, and ${wanted} are wanted: lower ${settingName('pairs')}, change ${settingName('shares')}, or add data.`,
  );
}
