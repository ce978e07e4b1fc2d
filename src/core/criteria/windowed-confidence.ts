import { ConfigError } from '../errors.ts';
import type { SwitchCriterion, SwitchDetector } from '../switch-criterion.ts';

/** Rounding of the window's mean must not decide a tie: p = γ throughout is "reached". In nats. */
const TIE_NATS = 1e-12;

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
  return {
    name: `confidence(window=${window}, threshold=${threshold})`,
    needsStatistics: false,
    start: () => startDetector(window, Math.log(threshold) - TIE_NATS),
  };
}

function startDetector(window: number, logThreshold: number): SwitchDetector {
  const recent: number[] = [];
  return {
    push({ logprob }) {
      recent.push(logprob);
      if (recent.length > window) recent.shift();
      if (recent.length < window) return { value: undefined, accept: false };
      const mean = recent.reduce((sum, value) => sum + value, 0) / window;
      return { value: Math.exp(mean), accept: mean >= logThreshold };
    },
  };
}

function assertWindow(window: number): void {
  if (Number.isInteger(window) && window >= 1) return;
  throw new ConfigError('bad-window', `The window must be a whole number of at least 1, not ${window}: try 6.`);
}

function assertThreshold(threshold: number): void {
  if (threshold > 0 && threshold <= 1) return;
  throw new ConfigError('bad-gamma', `Gamma must be above 0 and at most 1, not ${threshold}: try 0.8.`);
}
