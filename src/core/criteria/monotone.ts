import type { SwitchCriterion } from '../switch-criterion.ts';

const windows = new WeakMap<SwitchCriterion, number>();

/**
 * Notes that a verdict of the criterion depends on the logprobs of the last `window` tokens only, and that a greater one
 * never makes it refuse: engines may then know some verdicts before they know every logprob. Copies are not noted.
 *
 * @param window a whole number ≥ 0; undefined: nothing is known
 * @returns the criterion
 */
export function monotone(criterion: SwitchCriterion, window: number | undefined): SwitchCriterion {
  if (window !== undefined) windows.set(criterion, window);
  return criterion;
}

/** The window that was noted, if any. */
export function monotoneWindow(criterion: SwitchCriterion): number | undefined {
  return windows.get(criterion);
}
