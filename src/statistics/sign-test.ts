import { differencesOf } from './differences.ts';

/**
 * The exact two-sided sign test: how likely one of two equal strategies wins at least so many of the lines on which they
 * differ. Undefined where they differ nowhere.
 */
export function signTest(first: readonly number[], second: readonly number[]): number | undefined {
  const differences = differencesOf(first, second).filter((difference) => difference !== 0);
  if (differences.length === 0) return undefined;
  const wins = differences.filter((difference) => difference > 0).length;
  return Math.min(1, 2 * shareUpTo(Math.min(wins, differences.length - wins), differences.length));
}

/** Of `n` fair coins at most `most` show heads. */
function shareUpTo(most: number, n: number): number {
  let logChoose = 0;
  let share = 0;
  for (let heads = 0; heads <= most; heads++) {
    if (heads > 0) logChoose += Math.log(n - heads + 1) - Math.log(heads);
    share += Math.exp(logChoose - n * Math.LN2);
  }
  return share;
}
