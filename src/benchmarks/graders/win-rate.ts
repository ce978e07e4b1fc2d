import { mean } from '../../core/mean.ts';
import { standardError } from '../../statistics/standard-error.ts';

export interface WinRate {
  /** Percent. */
  readonly winRate: number;
  /** Of the win rate, in points. */
  readonly standardError: number;
  /** Comparisons with a verdict. */
  readonly n: number;
}

/**
 * The share of comparisons that a model wins, as alpaca_eval counts it: a preference is 1 where the baseline is surely better,
 * 2 where the model is; 0 is an older mark of a tie.
 *
 * @param preferences undefined where the judge gave none
 */
export function winRate(preferences: readonly (number | undefined)[]): WinRate {
  const wins = preferences.flatMap((preference) => (preference === undefined ? [] : [toWin(preference)]));
  return { winRate: 100 * mean(wins), standardError: 100 * standardError(wins), n: wins.length };
}

/** @returns 0 to 1 */
export function toWin(preference: number): number {
  return preference === 0 ? 0.5 : preference - 1;
}
