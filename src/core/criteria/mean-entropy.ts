import { mean } from '../mean.ts';
import { COUNT, NOT_NEGATIVE } from '../number-rules.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { checkParameter } from './check-parameter.ts';
import { TIE, windowDetector } from './window-detector.ts';

/**
 * The base knows what comes next, whatever was drafted: it takes over at the smallest i ≥ w − 1 with
 * mean(H_{i−w+1..i}) ≤ bound, where H_i is the entropy in nats of its distribution at drafted token i. Cf.
 * arXiv 2601.05110, which lets the entropy of a step's first token decide who writes it.
 *
 * @throws ConfigError for a window or bound out of range
 */
export function meanEntropy({
  window = 6,
  bound = 0.7,
}: { readonly window?: number; readonly bound?: number } = {}): SwitchCriterion {
  checkParameter('entropy', 'window', window, COUNT);
  checkParameter('entropy', 'bound', bound, NOT_NEGATIVE);
  return {
    name: `entropy(window=${window}, bound=${bound})`,
    needsStatistics: ['entropy'],
    start: () =>
      windowDetector(
        window,
        ({ entropy = Number.NaN }) => entropy,
        (entropies) => {
          const value = mean(entropies);
          return Number.isNaN(value) ? { value: undefined, accept: false } : { value, accept: value <= bound + TIE };
        },
      ),
  };
}
