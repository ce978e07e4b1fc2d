import { ConfigError } from '../../../core/errors.ts';
import { listStatistics } from '../../../core/statistics.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';

/**
 * A user's own criterion has the right shape. What it does is its own affair.
 *
 * @throws ConfigError that names what is missing
 */
export function assertCriterion(value: unknown, source: string): asserts value is SwitchCriterion {
  const fault = faultOf(value);
  if (fault === undefined) return;
  throw new ConfigError(
    'bad-criterion',
    `${source} is no SwitchCriterion: ${fault}. It is an object such as {name: "mine", needsStatistics: false, start: () => ({push: ({logprob}) => ({value: undefined, accept: logprob > -0.1})})}.`,
  );
}

function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null)
    return `it is ${value === null || value === undefined ? String(value) : `a ${typeof value}`}`;
  const { name, needsStatistics, needsDraftLogprobs, start } = value as Record<keyof SwitchCriterion, unknown>;
  if (typeof name !== 'string' || name === '') return 'its name must be a text';
  if (!isStatistics(needsStatistics))
    return `its needsStatistics must be true or false, or a list of ${listStatistics(true).join(', ')}`;
  if (!['boolean', 'undefined'].includes(typeof needsDraftLogprobs))
    return 'its needsDraftLogprobs must be true or false';
  if (typeof start !== 'function') return 'its start must be a function';
  return undefined;
}

function isStatistics(value: unknown): boolean {
  const known: readonly unknown[] = listStatistics(true);
  return typeof value === 'boolean' || (Array.isArray(value) && value.every((word) => known.includes(word)));
}
