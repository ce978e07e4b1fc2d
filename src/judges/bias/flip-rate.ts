import type { Interval } from '../../statistics/interval.ts';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';
import type { Game } from '../protocols/judge-protocol.ts';

export interface FlipRate {
  /** Pairs of games in both orders where neither is a tie. */
  readonly n: number;
  /** The share of them in which the other answer wins once the sides are swapped, from 0 to 1. */
  readonly rate: number;
  /** 95%, by Wilson. */
  readonly interval: Interval;
  /** The share of all these games that the answer shown first wins; 0.5 where the place says nothing. */
  readonly firstWins: number;
}

/**
 * How much a judge's verdicts depend on the order.
 *
 * @param items the games of each item; only those in both orders count
 * @returns undefined where there are none
 */
export function flipRate(items: readonly (readonly Game[])[]): FlipRate | undefined {
  const pairs = items.flatMap((games) => {
    const first = games.find(({ answerFirst }) => answerFirst);
    const second = games.find(({ answerFirst }) => !answerFirst);
    return first && second && isDecided(first) && isDecided(second) ? [[first, second]] : [];
  });
  const n = pairs.length;
  if (n === 0) return undefined;
  const flips = pairs.filter(([one, other]) => answerWins(one!) !== answerWins(other!)).length;
  const firstWins = pairs.flat().filter((game) => answerWins(game) === game.answerFirst).length;
  return { n, rate: flips / n, interval: wilsonInterval(flips, n), firstWins: firstWins / (2 * n) };
}

export function isDecided({ outcome }: Game): boolean {
  return outcome !== 0.5;
}

export function answerWins({ outcome }: Game): boolean {
  return outcome > 0.5;
}
