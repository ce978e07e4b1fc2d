import { POSITIVE_SHARE } from '../number-rules.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { checkParameter } from './check-parameter.ts';
import { windowedConfidence } from './windowed-confidence.ts';

/**
 * A single likely token: the base takes over at the smallest i with p_i ≥ threshold, where p_i is the base's
 * probability of drafted token i. The paper's criterion (arXiv 2506.07434, section 3.2) with w = 1.
 *
 * @throws ConfigError for a threshold out of range
 */
export function tokenConfidence({ threshold = 0.95 }: { readonly threshold?: number } = {}): SwitchCriterion {
  checkParameter('token', 'threshold', threshold, POSITIVE_SHARE);
  return { ...windowedConfidence({ window: 1, threshold }), name: `token(threshold=${threshold})` };
}
