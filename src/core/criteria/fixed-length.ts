import { COUNT } from '../number-rules.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { checkParameter } from './check-parameter.ts';
import { monotone } from './monotone.ts';

/**
 * The ablation that asks nobody: accepts at every i ≥ k − 1 (0-based), so the base takes over after k drafted tokens,
 * or at a later one where a criterion around it asks again (`boundary(fixed(40))`: at the first end of a sentence from
 * the 40th token on). The value is i + 1, the number of tokens so far. For k = 0 let the base write alone.
 *
 * @throws ConfigError for a k out of range
 */
export function fixedLength(k: number): SwitchCriterion {
  checkParameter('fixed', 'k', k, COUNT);
  const criterion: SwitchCriterion = {
    name: `fixed(k=${k})`,
    needsStatistics: false,
    start() {
      let seen = 0;
      return { push: () => ({ value: ++seen, accept: seen >= k }) };
    },
  };
  return monotone(criterion, 0);
}
