import type { SwitchCriterion } from '../switch-criterion.ts';
import { combineCriteria } from './combine-criteria.ts';

/**
 * The base takes over at the smallest i at which all of `members` accept together. The value is the share that does.
 *
 * @throws ConfigError without a member
 */
export function allOf(members: readonly SwitchCriterion[]): SwitchCriterion {
  return combineCriteria('allOf', members, (share) => share === 1);
}
