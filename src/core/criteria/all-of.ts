import type { SwitchCriterion } from '../switch-criterion.ts';
import { combineCriteria } from './combine-criteria.ts';

/**
 * The base takes over at the smallest i at which all of `members` accept together, ∀m: a_m(i). The value is the share
 * that does, #{m : a_m(i)} / M.
 *
 * @throws ConfigError without a member
 */
export function allOf(members: readonly SwitchCriterion[]): SwitchCriterion {
  return combineCriteria('allOf', members, (share) => share === 1);
}
