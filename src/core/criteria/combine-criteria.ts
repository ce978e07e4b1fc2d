import { ConfigError } from '../errors.ts';
import { listStatistics } from '../statistics.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { monotone, monotoneWindow } from './monotone.ts';

/**
 * One criterion of several: every member sees every token; the value is the share of members that accept.
 *
 * @param decide never refuses a larger share than one that it accepts
 */
export function combineCriteria(
  name: string,
  members: readonly SwitchCriterion[],
  decide: (share: number) => boolean,
): SwitchCriterion {
  if (members.length === 0) {
    throw new ConfigError('bad-criterion', `${name} needs at least one criterion, such as ${name}(confidence).`);
  }
  const criterion: SwitchCriterion = {
    name: `${name}(${members.map((member) => member.name).join(', ')})`,
    needsStatistics: [...new Set(members.flatMap((member) => listStatistics(member.needsStatistics)))],
    needsDraftLogprobs: members.some((member) => member.needsDraftLogprobs),
    start() {
      const detectors = members.map((member) => member.start());
      return {
        push(token) {
          const accepting = detectors.map((detector) => detector.push(token)).filter(({ accept }) => accept);
          const value = accepting.length / detectors.length;
          return { value, accept: decide(value) };
        },
      };
    },
  };
  const windows = members.map(monotoneWindow).filter((window) => window !== undefined);
  return monotone(criterion, windows.length === members.length ? Math.max(...windows) : undefined);
}
