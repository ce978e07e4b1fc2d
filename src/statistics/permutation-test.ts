import { seededRandom } from '../core/seeded-random.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { differencesOf } from './differences.ts';

/** All ways to swap so many pairs are tried; of more pairs ways are drawn. */
const MOST_EXACT_PAIRS = 14;

/**
 * The two-sided paired permutation test of equal means: the share of ways to swap the results of lines that give a mean
 * difference at least as far from 0. Of drawn ways the one that was seen counts too, so that it is never 0. Undefined where the
 * two differ nowhere.
 */
export function permutationTest(
  first: readonly number[],
  second: readonly number[],
  { resamples = 10_000, seed = 1 }: BootstrapOptions = {},
): number | undefined {
  const differences = differencesOf(first, second).filter((difference) => difference !== 0);
  if (differences.length === 0) return undefined;
  const seen = Math.abs(sumOf(differences)) * (1 - 1e-12);
  if (differences.length <= MOST_EXACT_PAIRS) return exactShare(differences, seen);
  const random = seededRandom(seed);
  let asFar = 1;
  for (let draw = 0; draw < resamples; draw++) {
    if (Math.abs(sumOf(differences.map((value) => (random() < 0.5 ? value : -value)))) >= seen) asFar++;
  }
  return asFar / (resamples + 1);
}

function exactShare(differences: readonly number[], seen: number): number {
  const ways = 2 ** differences.length;
  let asFar = 0;
  for (let way = 0; way < ways; way++) {
    const swapped = differences.map((value, index) => ((way >> index) & 1 ? value : -value));
    if (Math.abs(sumOf(swapped)) >= seen) asFar++;
  }
  return asFar / ways;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
