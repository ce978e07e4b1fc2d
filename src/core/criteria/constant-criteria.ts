import type { SwitchCriterion } from '../switch-criterion.ts';
import { monotone } from './monotone.ts';

/**
 * Accepts at no i, so the whole draft is kept: the ablation without a switch. The base goes on after it, unless told to
 * stop.
 */
export const never: SwitchCriterion = constant('never', false);

/** Accepts at every i ≥ 0, so one token is kept: the other ablation, and what `after` makes a fixed length of. */
export const always: SwitchCriterion = constant('always', true);

function constant(name: string, accept: boolean): SwitchCriterion {
  const criterion: SwitchCriterion = {
    name,
    needsStatistics: false,
    start: () => ({ push: () => ({ value: undefined, accept }) }),
  };
  return monotone(criterion, 0);
}
