import { bootstrap, percentileInterval } from '../../statistics/bootstrap.ts';
import type { Interval } from '../../statistics/interval.ts';
import type { ArenaVerdict } from './arena-verdict.ts';

/** One game of a model against the baseline. */
export interface ArenaBattle {
  /** Of the model: 1 won, 0.5 tied, 0 lost. */
  readonly outcome: number;
  /** How often the game counts. */
  readonly weight: number;
}

/** How often a verdict with `>>` counts in v0.1; 1 where every game counts alike. */
export const STRONG_WEIGHT = 3;

/** @param modelIsA the second of the two games; in the first the baseline is A */
export function toArenaBattle(verdict: ArenaVerdict, modelIsA: boolean, strongWeight = STRONG_WEIGHT): ArenaBattle {
  if (verdict === 'A=B') return { outcome: 0.5, weight: 1 };
  const aWins = verdict.startsWith('A');
  return { outcome: Number(aWins === modelIsA), weight: verdict.includes('>>') ? strongWeight : 1 };
}

/**
 * The win rate against the baseline, 0 to 1. All games are against it, so the rating of Bradley and Terry is at its
 * greatest likelihood where its win rate is this mean. NaN of no battles.
 */
export function arenaWinRate(battles: readonly ArenaBattle[]): number {
  let [won, games] = [0, 0];
  for (const { outcome, weight } of battles) {
    won += weight * outcome;
    games += weight;
  }
  return won / games;
}

/**
 * Of the win rate, 95% of 1000 resamples of questions. Those without a verdict have no part in it: a sample of them alone
 * would have no win rate.
 *
 * @param questions the battles of each
 * @returns null for fewer than two
 */
export function arenaInterval(questions: readonly (readonly ArenaBattle[])[]): Interval | null {
  const judged = questions.filter((battles) => battles.length > 0);
  if (judged.length < 2) return null;
  return percentileInterval(bootstrap(judged, (sample) => arenaWinRate(sample.flat())));
}
