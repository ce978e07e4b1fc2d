import { ConfigError } from '../core/errors.ts';
import type { NumberRule } from '../core/number-rules.ts';

/** What each number of a strategy may be, in the order in which they are given. */
export type NumberRules = Readonly<Record<string, NumberRule>>;

/**
 * Values that are not given are fine: they have their defaults.
 *
 * @throws ConfigError that names the strategy, the number, its value, and what it takes
 */
export function checkNumbers(strategy: string, rules: NumberRules, values: object): void {
  for (const [name, { words, holds }] of Object.entries(rules)) {
    const value = (values as Readonly<Record<string, number | undefined>>)[name];
    if (value === undefined || holds(value)) continue;
    throw new ConfigError('bad-strategy', `The ${name} of ${strategy} must be ${words}, not ${value}.`);
  }
}
