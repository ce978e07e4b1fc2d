import { COUNT, POSITIVE_SHARE } from '../number-rules.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { checkParameter } from './check-parameter.ts';
import { monotone } from './monotone.ts';
import { TIE, windowDetector } from './window-detector.ts';

export interface ProbabilityWindow {
  /** w: how many base tokens the window holds, a whole number ≥ 1. */
  readonly window: number;
  /** In (0, 1]. */
  readonly threshold: number;
}

/**
 * One number of the base's probabilities of the last w drafted tokens: the base takes over at the smallest i ≥ w − 1
 * (0-based) with measure(p_{i−w+1..i}) ≥ threshold.
 *
 * @param measure grows with each of them, or stays
 * @throws ConfigError for a window or threshold out of range
 */
export function probabilityWindow(
  name: string,
  { window, threshold }: ProbabilityWindow,
  measure: (probabilities: readonly number[]) => number,
): SwitchCriterion {
  checkParameter(name, 'window', window, COUNT);
  checkParameter(name, 'threshold', threshold, POSITIVE_SHARE);
  const criterion: SwitchCriterion = {
    name: `${name}(window=${window}, threshold=${threshold})`,
    needsStatistics: false,
    start: () =>
      windowDetector(
        window,
        ({ logprob }) => Math.exp(logprob),
        (probabilities) => {
          const value = measure(probabilities);
          return { value, accept: value >= threshold - TIE };
        },
      ),
  };
  return monotone(criterion, window);
}
