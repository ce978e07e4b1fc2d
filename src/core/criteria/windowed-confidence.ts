import { ConfigError } from '../errors.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { mean } from '../mean.ts';
import { monotone } from './monotone.ts';
import { TIE, windowDetector } from './window-detector.ts';

export interface WindowedConfidenceOptions {
  /** w: how many base tokens the window holds, a whole number ≥ 1. The paper's default is 6. */
  readonly window?: number;
  /** γ: the geometric mean to reach, in (0, 1]. The paper's default is 0.8. */
  readonly threshold?: number;
}

/**
 * The paper's criterion (arXiv 2506.07434, section 3.2): with p_i the base's probability of drafted token i,
 * g_i = exp(mean(ln p_{i−w+1..i})) for i ≥ w − 1 (0-based); the base takes over at the smallest i with g_i ≥ γ.
 * Fewer than w tokens never switch.
 *
 * @throws ConfigError for a window or threshold out of range
 */
export function windowedConfidence({ window = 6, threshold = 0.8 }: WindowedConfidenceOptions = {}): SwitchCriterion {
  assertWindow(window);
  assertThreshold(threshold);
  const logThreshold = Math.log(threshold) - TIE;
  const criterion: SwitchCriterion = {
    name: `confidence(window=${window}, threshold=${threshold})`,
    needsStatistics: false,
    start: () =>
      windowDetector(
        window,
        ({ logprob }) => logprob,
        (logprobs) => {
          const logMean = mean(logprobs);
          return { value: Math.exp(logMean), accept: logMean >= logThreshold };
        },
      ),
  };
  return monotone(criterion, window);
}

function assertWindow(window: number): void {
  if (Number.isInteger(window) && window >= 1) return;
  throw new ConfigError('bad-window', `The window must be a whole number of at least 1, not ${window}: try 6.`);
}

function assertThreshold(threshold: number): void {
  if (threshold > 0 && threshold <= 1) return;
  throw new ConfigError('bad-gamma', `Gamma must be above 0 and at most 1, not ${threshold}: try 0.8.`);
}
