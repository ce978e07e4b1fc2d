import type { SwitchCriterion } from '../switch-criterion.ts';
import { type ProbabilityWindow, probabilityWindow } from './probability-window.ts';

/**
 * No surprise in a while: the base takes over at the smallest i ≥ w − 1 with min(p_{i−w+1..i}) ≥ threshold, where p_i
 * is the base's probability of drafted token i. Stricter than the paper's geometric mean of the same window.
 *
 * @throws ConfigError for a window or threshold out of range
 */
export function minimumProbability({ window = 6, threshold = 0.5 }: Partial<ProbabilityWindow> = {}): SwitchCriterion {
  return probabilityWindow('min', { window, threshold }, (probabilities) =>
    probabilities.reduce((least, p) => Math.min(least, p)),
  );
}
