import type { SwitchCriterion } from '../switch-criterion.ts';
import { combineCriteria } from './combine-criteria.ts';

/**
 * The base takes over at the smallest i at which at least one of `members` accepts, ∃m: a_m(i). The value is the share
 * that does, #{m : a_m(i)} / M.
 *
 * @throws ConfigError without a member
 */
export function anyOf(members: readonly SwitchCriterion[]): SwitchCriterion {
  return combineCriteria('anyOf', members, (share) => share > 0);
}
