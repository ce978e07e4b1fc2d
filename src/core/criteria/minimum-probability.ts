import type { SwitchCriterion } from '../switch-criterion.ts';
import { checkParameter, COUNT, SHARE } from './check-parameter.ts';
import { TIE, windowDetector } from './window-detector.ts';

/**
 * No surprise in a while: the base takes over at the smallest i ≥ w − 1 with min(p_{i−w+1..i}) ≥ threshold, where p_i
 * is the base's probability of drafted token i. Stricter than the paper's geometric mean of the same window.
 *
 * @throws ConfigError for a window or threshold out of range
 */
export function minimumProbability({
  window = 6,
  threshold = 0.5,
}: { readonly window?: number; readonly threshold?: number } = {}): SwitchCriterion {
  checkParameter('min', 'window', window, COUNT);
  checkParameter('min', 'threshold', threshold, SHARE);
  return {
    name: `min(window=${window}, threshold=${threshold})`,
    needsStatistics: false,
    start: () =>
      windowDetector(
        window,
        ({ logprob }) => Math.exp(logprob),
        (probabilities) => {
          const value = probabilities.reduce((least, p) => Math.min(least, p));
          return { value, accept: value >= threshold - TIE };
        },
      ),
  };
}
