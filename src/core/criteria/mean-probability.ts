import type { SwitchCriterion } from '../switch-criterion.ts';
import { type ProbabilityWindow, probabilityWindow } from './probability-window.ts';
import { mean } from '../mean.ts';

/**
 * The arithmetic mean: the base takes over at the smallest i ≥ w − 1 with mean(p_{i−w+1..i}) ≥ threshold, where p_i is
 * the base's probability of drafted token i. Never switches later than the paper's geometric mean of the same window,
 * and forgives one unlikely token where that does not.
 *
 * @throws ConfigError for a window or threshold out of range
 */
export function meanProbability({ window = 6, threshold = 0.8 }: Partial<ProbabilityWindow> = {}): SwitchCriterion {
  return probabilityWindow('mean', { window, threshold }, mean);
}
